// One panel of a figure as an interactive chart: zoom by dragging or keys, values under the cursor. uPlot draws; this module turns
// the report's lines into uPlot's aligned columns and back.
import {formatValue} from './format.js';

// Okabe and Ito's palette and the dashes of the printed figures, in their order.
const chartColours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000', '#F0E442'];
const darkChartColours = ['#4BA3DB', '#F0803C', '#2FC79C', '#E3A0C6', '#F2B632', '#8CD0F5', '#E8E8E8', '#F0E442'];
const chartDashes = [[], [12, 4], [6, 3], [12, 3, 3, 3], [3, 3], [16, 4, 4, 4], [8, 3, 3, 3, 3, 3], []];
const darkScheme = window.matchMedia('(prefers-color-scheme: dark)');

export function styleColour(style) {
    return (darkScheme.matches ? darkChartColours : chartColours)[style % 8];
}

export function styleDash(style) {
    return chartDashes[(style + Math.floor(style / 8)) % 8];
}

export function onSchemeChange(listener) {
    darkScheme.addEventListener('change', listener);
}

function cssColour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Index of the point of a line that is nearest to x, or -1. Points are sorted by x unless the chart shows loose points. */
export function nearestPoint(line, x) {
    let best = -1;
    for (let i = 0; i < line.x.length; ++i) {
        if (best < 0 || Math.abs(line.x[i] - x) < Math.abs(line.x[best] - x)) best = i;
    }
    return best;
}

/** uPlot's columns: every x once, sorted, and a column per line; a line's second value at one x goes to a column of its own. */
function alignLines(lines) {
    const xs = [...new Set(lines.flatMap((line) => line.x))].sort((a, b) => a - b);
    const places = new Map(xs.map((x, i) => [x, i]));
    const columns = [];
    lines.forEach((line, owner) => {
        let own = [];
        line.x.forEach((x, i) => {
            const place = places.get(x);
            const free = own.find((column) => column.values[place] === undefined);
            const column = free ?? {owner, values: new Array(xs.length).fill(undefined)};
            if (!free) own.push(column);
            column.values[place] = line.y[i];
        });
        columns.push(...own);
    });
    return {xs, columns};
}

/** Bars of one line beside those of the others: a group takes 0.8 of the distance between two categories. */
function barPaths(style, styles) {
    const width = 0.8 / styles;
    const offset = (style - (styles - 1) / 2) * width;
    return (u, series, first, last) => {
        const path = new Path2D();
        const foot = u.valToPos(Math.max(u.scales.y.min, 0), 'y', true);
        for (let i = first; i <= last; ++i) {
            const y = u.data[series][i];
            if (y === undefined || y === null) continue;
            const left = u.valToPos(u.data[0][i] + offset - width / 2, 'x', true);
            const right = u.valToPos(u.data[0][i] + offset + width / 2, 'x', true);
            const top = u.valToPos(y, 'y', true);
            path.rect(left, top, right - left, foot - top);
        }
        return {fill: path, stroke: null, clip: null};
    };
}

/** Lines through loose points follow the order of the trials, not of x. */
function paintConnections(u, panel) {
    const context = u.ctx;
    context.save();
    context.lineWidth = devicePixelRatio;
    for (const line of panel.lines) {
        context.strokeStyle = styleColour(line.style);
        context.beginPath();
        line.x.forEach((x, i) => {
            context[i ? 'lineTo' : 'moveTo'](u.valToPos(x, 'x', true), u.valToPos(line.y[i], 'y', true));
        });
        context.stroke();
    }
    context.restore();
}

/** The interval of the repeats' mean: a band behind a line, a stroke over a bar or through a point. */
function paintSpread(u, figure, panel) {
    const context = u.ctx;
    context.save();
    context.beginPath();
    context.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    context.clip();
    const at = (x, y) => [u.valToPos(x, 'x', true), u.valToPos(y, 'y', true)];
    for (const line of panel.lines) {
        if (!line.low) continue;
        context.beginPath();
        if (figure.kind !== 'line') {
            const offset = figure.kind === 'points' ? 0 : (line.style - (figure.names.length - 1) / 2) * 0.8 / figure.names.length;
            line.x.forEach((x, i) => {
                context.moveTo(...at(x + offset, line.low[i]));
                context.lineTo(...at(x + offset, line.high[i]));
            });
            context.strokeStyle = cssColour('--text');
            context.lineWidth = devicePixelRatio;
            context.stroke();
            continue;
        }
        line.x.forEach((x, i) => context[i ? 'lineTo' : 'moveTo'](...at(x, line.high[i])));
        for (let i = line.x.length - 1; i >= 0; --i) context.lineTo(...at(line.x[i], line.low[i]));
        context.fillStyle = styleColour(line.style) + '26';
        context.fill();
    }
    context.restore();
}

function chartSeries(figure, line) {
    const colour = styleColour(line.style);
    const series = {label: line.name, stroke: colour, width: 2, dash: styleDash(line.style), spanGaps: true,
                    points: {show: line.x.length <= 24, size: 6, fill: colour}};
    if (line.model) return {...series, width: 1, dash: [1, 3], points: {show: false}};
    if (figure.kind === 'bars') {
        return {...series, width: 0, fill: colour, paths: barPaths(line.style, figure.names.length), points: {show: false}};
    }
    if (figure.kind === 'points') return {...series, paths: () => null, points: {show: true, size: 8, fill: colour}};
    return series;
}

function chartAxis(axis, side, width) {
    const text = cssColour('--muted');
    const grid = cssColour('--grid');
    const options = {stroke: text, font: '12px system-ui, sans-serif', labelFont: '12px system-ui, sans-serif',
                     grid: {stroke: grid, width: 1}, ticks: {stroke: grid, size: 4}, size: side === 'x' ? 34 : 46};
    // The y axis is named above the panels, where there is room for its unit.
    if (side === 'x') Object.assign(options, {label: axis.label, labelSize: 20});
    if (axis.ticks.length) {
        const names = axis.names.length ? axis.names : axis.ticks.map(formatValue);
        options.splits = () => axis.ticks;
        options.filter = (u, splits) => splits;
        options.values = (u, splits) => splits.map((split) => names[axis.ticks.indexOf(split)] ?? '');
        const longest = Math.max(...names.map((name) => name.length)) * 7;
        if (side === 'x' && (longest + 8) * names.length > width - 70) {
            options.rotate = -40;
            options.size = 24 + longest * 0.65;
        }
    } else {
        options.values = (u, splits) => splits.map((split) => split === null ? '' : formatValue(split));
        options.space = side === 'x' ? 56 : 32;
    }
    return options;
}

/**
 * Draws a panel into `host` and returns {plot, reset, zoom, xs}. `onMove(x)` is called with the x under the cursor, or null once the
 * cursor has left; `onReset()` when a double click asks to see everything.
 */
export function drawChart(host, figure, panel, width, {onMove, onReset}) {
    const {xs, columns} = alignLines(panel.lines);
    const whole = {x: [figure.x.low, figure.x.high], y: [figure.y.low, figure.y.high]};
    let view = whole;
    const options = {
        width,
        height: Math.round(Math.min(320, Math.max(200, width * 0.62))),
        legend: {show: false},
        scales: {
            x: {time: false, distr: figure.x.log ? 3 : 1, range: () => view.x},
            y: {distr: figure.y.log ? 3 : 1, range: () => view.y},
        },
        axes: [chartAxis(figure.x, 'x', width), chartAxis(figure.y, 'y', width)],
        series: [{}, ...columns.map((column) => chartSeries(figure, panel.lines[column.owner]))],
        cursor: {
            sync: {key: figure.id, setSeries: false},
            drag: {x: true, y: true, uni: 24, dist: 8, setScale: false},
            points: {show: figure.kind !== 'bars'},
            bind: {dblclick: () => onReset},
        },
        hooks: {
            drawClear: [(u) => paintSpreadBehind(u)],
            draw: [(u) => paintOver(u)],
            setSelect: [(u) => zoomToSelection(u)],
            setCursor: [(u) => onMove(u.cursor.left >= 0 ? u.posToVal(u.cursor.left, 'x') : null)],
        },
    };
    function paintSpreadBehind(u) {
        if (figure.kind === 'line') paintSpread(u, figure, panel);
        if (figure.connects) paintConnections(u, panel);
    }
    function paintOver(u) {
        if (figure.kind === 'bars') paintSpread(u, figure, panel);
    }
    const plot = new uPlot(options, [xs, ...columns.map((column) => column.values)], host);
    function show(wanted) {
        view = wanted;
        // Setting x makes uPlot ask both ranges again.
        plot.setScale('x', {min: view.x[0], max: view.x[1]});
    }
    function reset() {
        show(whole);
    }
    function zoomToSelection(u) {
        const {left, top, width: across, height: tall} = u.select;
        if (across <= 0 || tall <= 0) return;
        const ofX = [u.posToVal(left, 'x'), u.posToVal(left + across, 'x')];
        const ofY = [u.posToVal(top + tall, 'y'), u.posToVal(top, 'y')];
        u.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
        show({x: ofX, y: ofY});
    }
    /** Around the cursor, in the same proportion on a logarithmic axis. */
    function zoom(factor) {
        const to = (x) => figure.x.log ? Math.log(x) : x;
        const from = (x) => figure.x.log ? Math.exp(x) : x;
        const [min, max] = view.x.map(to);
        const under = plot.cursor.left >= 0 ? to(plot.posToVal(plot.cursor.left, 'x')) : (min + max) / 2;
        const low = Math.max(whole.x[0], from(under - (under - min) * factor));
        const high = Math.min(whole.x[1], from(under + (max - under) * factor));
        if (high > low) show({x: [low, high], y: factor > 1 ? whole.y : view.y});
    }
    return {plot, reset, zoom, xs};
}
