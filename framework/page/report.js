// Brings the report's data to life once the page has loaded; all text and tables are there without it.
import {showFigure} from './figure.js';
import {showTreeShape} from './tree_shape.js';

const reportData = JSON.parse(document.getElementById('report-data').textContent);
reportData.figures.forEach((figure) => showFigure(document.getElementById(figure.id), figure));
if (reportData.tree.length) showTreeShape(document.getElementById('tree'), reportData.tree);
