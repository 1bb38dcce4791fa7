// A figure: its panels as charts that share a cursor, buttons and keys for zooming, and a table of the values under the cursor that
// doubles as the legend.
import {element, formatValue, speak} from './format.js';
import {drawChart, nearestPoint, onSchemeChange, styleColour, styleDash} from './chart.js';

function swatch(figure, style) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'swatch');
    svg.setAttribute('viewBox', '0 0 28 12');
    svg.setAttribute('aria-hidden', 'true');
    const bar = figure.kind === 'bars' || figure.kind === 'points';
    const shape = document.createElementNS('http://www.w3.org/2000/svg', bar ? 'rect' : 'line');
    const attributes = bar ? {x: 10, y: 2, width: 8, height: 8, fill: styleColour(style)} :
        {x1: 0, x2: 28, y1: 6, y2: 6, stroke: styleColour(style), 'stroke-width': 3, 'stroke-dasharray': styleDash(style).join(' ')};
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    svg.append(shape);
    return svg;
}

/** A row per line, a column per panel. `show(panel, x)` fills a column; null shows the lines' ends. */
function valuesTable(figure) {
    const cells = figure.panels.map(() => new Map());
    const titles = figure.panels.map((panel) => element('th', {scope: 'col'}, panel.title || figure.y.label));
    const heads = [];
    const where = element('caption', {}, '');
    const table = element('table', {class: 'values'}, where, element('thead', {}, element('tr', {}, element('td'), ...titles)));
    const body = element('tbody');
    const row = (style, model) => {
        const name = (figure.names[style] || figure.y.label) + (model ? ', cost model' : '');
        const head = element('th', {scope: 'row'}, swatch(figure, style), name);
        const made = element('tr', {}, head);
        heads.push({head, style});
        figure.panels.forEach((panel, i) => {
            const cell = element('td', {}, '–');
            cells[i].set(`${style} ${model}`, cell);
            made.append(cell);
        });
        body.append(made);
    };
    figure.names.forEach((name, style) => {
        row(style, false);
        if (figure.panels.some((panel) => panel.lines.some((line) => line.model && line.style === style))) row(style, true);
    });
    table.append(body);

    function valueText(line, x) {
        if (!line.x.length) return '–';
        const i = x === null ? line.x.length - 1 : nearestPoint(line, x);
        const y = formatValue(line.y[i]);
        if (figure.kind === 'points') return `${y} at ${formatValue(line.x[i])}`;
        return line.low && line.low[i] < line.high[i] ? `${y} (${formatValue(line.low[i])} to ${formatValue(line.high[i])})` : y;
    }
    function placeText(x) {
        if (x === null) return figure.kind === 'bars' ? '' : 'at the end of each line';
        const names = figure.x.names;
        if (figure.kind === 'bars') return `at ${names[Math.max(0, Math.min(names.length - 1, Math.round(x)))]}`;
        return `at ${figure.x.label}: ${formatValue(Number(x.toPrecision(4)))}`;
    }
    function show(panel, x) {
        for (const line of figure.panels[panel].lines) {
            const cell = cells[panel].get(`${line.style} ${line.model}`);
            if (figure.kind === 'bars' && x === null) {
                cell.textContent = line.x.map((at, i) => `${figure.x.names[at]}: ${formatValue(line.y[i])}`).join('; ');
            } else {
                cell.textContent = valueText(line, x);
            }
        }
        where.textContent = `${figure.y.label} ${placeText(x)}`;
    }
    function repaint() {
        for (const {head, style} of heads) head.firstChild.replaceWith(swatch(figure, style));
    }
    figure.panels.forEach((panel, i) => show(i, null));
    return {table, show, repaint};
}

/** Keys of a focused panel: arrows read the values along x, + and - zoom, 0 or Escape shows everything. */
function chartKeys(event, chart, figure, panel, all) {
    const {plot, xs} = chart;
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (step) {
        const {min, max} = plot.scales.x;
        const shown = xs.filter((x) => x >= min && x <= max);
        if (!shown.length) return;
        const now = plot.cursor.left >= 0 ? plot.posToVal(plot.cursor.left, 'x') : null;
        const nearest = now === null ? (step > 0 ? -1 : shown.length) : nearestPoint({x: shown}, now);
        const x = shown[Math.max(0, Math.min(shown.length - 1, nearest + step))];
        plot.setCursor({left: plot.valToPos(x, 'x'), top: plot.over.clientHeight / 2});
        const at = figure.kind === 'bars' ? figure.x.names[x] : formatValue(x);
        const values = panel.lines.filter((line) => !line.model && line.x.length)
            .map((line) => `${line.name || figure.y.label} ${formatValue(line.y[nearestPoint(line, x)])}`);
        speak(`${at}: ${values.join(', ')}`);
    } else if (event.key === '+' || event.key === '=') {
        all((each) => each.zoom(0.5));
    } else if (event.key === '-') {
        all((each) => each.zoom(2));
    } else if (event.key === '0' || event.key === 'Escape') {
        all((each) => each.reset());
    } else {
        return;
    }
    event.preventDefault();
}

/** Fills the element that the report left for the figure. */
export function showFigure(host, figure) {
    const table = valuesTable(figure);
    let charts = [];
    const all = (action) => charts.forEach(action);
    const button = (text, label, action) => {
        const made = element('button', {type: 'button', 'aria-label': label, title: label}, text);
        made.addEventListener('click', () => all(action));
        return made;
    };
    const tools = element('div', {class: 'tools', role: 'group', 'aria-label': 'Zoom'},
                          button('+', 'Zoom in', (chart) => chart.zoom(0.5)), button('−', 'Zoom out', (chart) => chart.zoom(2)),
                          button('Show all', 'Show everything', (chart) => chart.reset()));
    const panels = element('div', {class: `panels columns-${Math.min(figure.columns, 4)}`});
    const hosts = figure.panels.map((panel) => {
        const box = element('div', {class: 'chart', tabindex: '0', role: 'group', 'aria-label':
            `Chart ${figure.title}${panel.title ? ', ' + panel.title : ''}. Arrow keys read the values, plus and minus zoom, 0 shows everything.`});
        panels.append(element('div', {class: 'panel'}, ...(panel.title ? [element('h4', {}, panel.title)] : []), box));
        return box;
    });
    host.append(tools, element('p', {class: 'axis-name', 'aria-hidden': 'true'}, figure.y.label), panels, element('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Values of the figure'}, table.table));

    function draw() {
        all((chart) => chart.plot.destroy());
        charts = figure.panels.map((panel, i) => {
            hosts[i].replaceChildren();
            return drawChart(hosts[i], figure, panel, Math.max(200, hosts[i].clientWidth), {
                onMove: (x) => table.show(i, x),
                onReset: () => all((chart) => chart.reset()),
            });
        });
    }
    hosts.forEach((box, i) => box.addEventListener('keydown', (event) => chartKeys(event, charts[i], figure, figure.panels[i], all)));
    let width = 0;
    new ResizeObserver(() => {
        if (hosts[0].clientWidth !== width) {
            width = hosts[0].clientWidth;
            draw();
        }
    }).observe(panels);
    onSchemeChange(() => {
        draw();
        table.repaint();
    });
}
