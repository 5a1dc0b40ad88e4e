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

/** 12,345 */
export const count = value => Number(value).toLocaleString('en');

/** "latency_ms" in ms is "latency": the unit stands beside it. */
export function metric(name, unit) {
  const ending = unit && unit !== '1' ? `_${unit}` : '';
  return (ending && name.endsWith(ending) ? name.slice(0, -ending.length) : name).replaceAll('_', ' ');
}

/** "latency, ms" */
export const titled = (name, unit) => !unit || unit === '1' ? metric(name, unit) : `${metric(name, unit)}, ${unit}`;

/** A tick of an axis whose ticks lie `step` apart. */
export function tick(value, step) {
  if (Math.abs(value) >= 1e7) return value.toExponential(2);
  const decimals = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  return Number(value.toFixed(decimals)).toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

export const percent = (part, all) => all > 0 ? `${(100 * part / all).toFixed(part === all ? 0 : 1)} %` : '–';

export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;
