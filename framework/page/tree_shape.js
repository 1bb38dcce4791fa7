// The tree over time: a bar per level, cut into its sorted runs, newest first, at the sample that the slider points to.
import {element, formatBytes, formatCount, speak} from './format.js';

// A frame is [operations, levels]; a level is a list of runs; a run is [bytes, entries, tombstones, tables].
const runBytes = (run) => run[0];
const levelBytes = (level) => level.reduce((sum, run) => sum + runBytes(run), 0);
const frameBytes = (frame) => frame[1].reduce((sum, level) => sum + levelBytes(level), 0);

function frameSummary(frame) {
    const levels = frame[1].filter((level) => level.length).length;
    const runs = frame[1].reduce((sum, level) => sum + level.length, 0);
    return `After ${formatCount(frame[0])} operations: ${formatBytes(frameBytes(frame))} in ${levels} ${levels === 1 ? 'level' : 'levels'}, ` +
        `${runs} sorted ${runs === 1 ? 'run' : 'runs'}`;
}

function runSummary(run, number) {
    const tombstones = run[2] ? `, ${formatCount(run[2])} tombstones` : '';
    return `run ${number}: ${formatBytes(run[0])}, ${formatCount(run[1])} entries${tombstones}, ${formatCount(run[3])} ${run[3] === 1 ? 'table' : 'tables'}`;
}

function levelRow(level, number, full) {
    const bytes = levelBytes(level);
    const bar = element('div', {class: 'bar'});
    level.forEach((run, i) => {
        const piece = element('div', {class: 'run', title: `Level ${number}, ${runSummary(run, i + 1)}`});
        piece.style.width = `${full ? 100 * runBytes(run) / full : 0}%`;
        if (run[1] && run[2]) {
            const dead = element('div', {class: 'dead'});
            dead.style.width = `${100 * Math.min(1, run[2] / run[1])}%`;
            piece.append(dead);
        }
        bar.append(piece);
    });
    const text = level.length ? `${formatBytes(bytes)} · ${level.length} ${level.length === 1 ? 'run' : 'runs'}` : 'empty';
    const row = element('div', {class: 'level', role: 'listitem', 'aria-label':
        `Level ${number}: ${level.length ? level.map((run, i) => runSummary(run, i + 1)).join('; ') : 'empty'}`});
    row.append(element('div', {class: 'level-name'}, `Level ${number}`), bar, element('div', {class: 'level-size'}, text));
    return row;
}

/** `trials`: [{name, frames}], each with at least one frame. */
export function showTreeShape(host, trials) {
    const byId = (id) => host.querySelector(`#${id}`);
    const [trialChoice, scaleChoice, time, play, summary, bars] =
        ['tree-trial', 'tree-scale', 'tree-time', 'tree-play', 'tree-summary', 'tree-bars'].map(byId);
    trials.forEach((trial, i) => trialChoice.append(element('option', {value: String(i)}, trial.name)));
    let timer = null;

    const frames = () => trials[Number(trialChoice.value)].frames;
    /** What a full bar stands for: the largest level of all trials' lives, or each level's own largest in this trial. */
    function fullBar(level) {
        const own = (frame) => frame[1][level] ? levelBytes(frame[1][level]) : 0;
        if (scaleChoice.value === 'level') return Math.max(...frames().map(own));
        return Math.max(...trials.flatMap((trial) => trial.frames.flatMap((frame) => frame[1].map(levelBytes))));
    }
    function show() {
        const frame = frames()[Number(time.value)];
        const deepest = Math.max(...frames().map((each) => each[1].length));
        const rows = [];
        for (let level = 0; level < deepest; ++level) {
            rows.push(levelRow(frame[1][level] ?? [], level + 1, fullBar(level)));
        }
        bars.replaceChildren(...rows);
        summary.textContent = frameSummary(frame);
        time.setAttribute('aria-valuetext', frameSummary(frame));
    }
    function stop() {
        clearInterval(timer);
        timer = null;
        play.textContent = 'Play';
    }
    function start() {
        if (Number(time.value) >= frames().length - 1) time.value = '0';
        play.textContent = 'Pause';
        timer = setInterval(() => {
            time.value = String(Number(time.value) + 1);
            show();
            if (Number(time.value) >= frames().length - 1) stop();
        }, 120);
    }
    function chooseTrial() {
        // The same moment in the other trial's life, so that trials can be compared.
        const share = Number(time.max) > 0 ? Number(time.value) / Number(time.max) : 1;
        time.max = String(frames().length - 1);
        time.value = String(Math.round(share * (frames().length - 1)));
        show();
        speak(summary.textContent);
    }
    trialChoice.addEventListener('change', chooseTrial);
    scaleChoice.addEventListener('change', show);
    time.addEventListener('input', () => {
        stop();
        show();
    });
    play.addEventListener('click', () => timer ? stop() : start());
    time.max = String(frames().length - 1);
    time.value = time.max;
    show();
}
