// Numbers and names in words; figures are told as the command tells them.

/** Four significant digits, no more than needed. */
export function short(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e6 || size < 1e-4) return value.toExponential(3).replace(/\.?0+e/, 'e').replace('e+', 'e');
  const decimals = size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
  return String(Number(value.toFixed(decimals)));
}

/** With its unit; pure numbers stand alone. */
export const withUnit = (value, unit) => !unit || unit === '1' ? short(value) : `${short(value)} ${unit}`;

const fixed = [];   // a format takes longer to make than to use

/** With so many decimals: 1,234.50 */
const told = (value, decimals) => (fixed[decimals] ??= new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })).format(value);

/** 12,345 */
export const count = value => told(Number(value), 0);

/** Bytes as GiB; a dash where nothing is known. */
export const memory = bytes => bytes > 0 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : '–';

/** "latency_ms" in ms is "latency": the unit stands beside it; "latency_ms@zcu102" is "latency on zcu102". */
export function metric(name, unit) {
  const [plain, device] = name.split('@');
  return device ? `${metric(plain, unit)} on ${device}` : ofOne(plain, unit);
}

function ofOne(name, unit) {
  const ending = unit && unit !== '1' ? `_${unit}`.toLowerCase() : '';
  return (ending && name.toLowerCase().endsWith(ending) ? name.slice(0, -ending.length) : name).replaceAll('_', ' ');
}

/** "latency, ms" */
export const titled = (name, unit) => !unit || unit === '1' ? metric(name, unit) : `${metric(name, unit)}, ${unit}`;

/** A tick of an axis whose ticks lie `step` apart. */
export function tick(value, step) {
  if (Math.abs(value) >= 1e7) return value.toExponential(2);
  let decimals = 0;
  while (decimals < 9 && Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) > 1e-6) decimals++;
  return told(Number(value.toFixed(decimals)), decimals);
}

/** "3 min ago" of a moment in ISO 8601. */
export function ago(moment, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - Date.parse(moment)) / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 172800 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86400)} days ago`;
}

export const percent = (part, all) => all > 0 ? `${(100 * part / all).toFixed(part === all ? 0 : 1)} %` : '–';

export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** How the values of a column are told so that their decimals stand below each other: whole numbers as such, else as many digits as the largest needs. */
export function columnFormat(values) {
  const span = new Span();
  for (const value of values) span.add(value);
  return spanFormat(span);
}

/** As `columnFormat`, of what is known of the values. @param {Span} span */
export function spanFormat({ least, most, whole }) {
  const size = Math.max(Math.abs(least), Math.abs(most));
  if (size >= 1e6 && !whole && size < Infinity) return short;
  const decimals = whole ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
  return value => Number.isNaN(value) ? '–' : value !== 0 && Math.abs(value) < 0.5 * 10 ** -decimals ? short(value) : told(value, decimals);
}

/** What is known of some values: the least, the greatest, and whether all are whole numbers. NaN is no value. */
export class Span {
  least = Infinity;
  most = -Infinity;
  whole = true;

  add(value) {
    if (value < this.least) this.least = value;   // NaN is neither less nor more
    if (value > this.most) this.most = value;
    if (this.whole && value % 1 !== 0 && value === value) this.whole = false;
  }
}
