// Numbers and small DOM helpers that the other modules share. Text reaches the page by textContent alone.

/** An element with attributes and children; a string child becomes text. */
export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
}

/** Four significant digits, thousands apart; an en dash for no value. */
export function formatValue(value) {
    if (value === null || value === undefined || Number.isNaN(value)) return '–';
    return value.toLocaleString('en', {maximumSignificantDigits: Math.abs(value) >= 1000 ? 15 : 4, maximumFractionDigits: 20});
}

export function formatBytes(bytes) {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    let unit = 0;
    while (bytes >= 1024 && unit < units.length - 1) {
        bytes /= 1024;
        ++unit;
    }
    return `${bytes.toLocaleString('en', {maximumSignificantDigits: 3})} ${units[unit]}`;
}

export function formatCount(count) {
    return count.toLocaleString('en');
}

/** Says a line to a screen reader without showing it. */
export function speak(text) {
    document.getElementById('spoken').textContent = text;
}
