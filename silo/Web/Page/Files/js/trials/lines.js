// Lines of trials.jsonl, read as little as is needed: reading 100,000 whole lines as JSON takes half a second, finding the numbers in them a tenth of that.
// The cluster writes the fields of a line in one order and without spaces. Inside a JSON string no quotation mark stands bare, so the marks below are
// found where the fields are and nowhere else; a line or name that is written otherwise is read as JSON.

import { DUPLICATE, EVALUATED, FAILED, NO_RUNG, noteOf, outcomeOf, REJECTED } from './outcomes.js';

const start = /^\{"ordinal":(\d+),"key":"([^"\\]*)","genes":\{/;
const measurements = ',"measurements":[', value = /\{"metric":"([^"\\]*)","value":(-?\d[\d.eE+-]*),/g;
const marks = [[measurements, EVALUATED], [',"rejected":{', REJECTED], [',"failed":{', FAILED], [',"duplicate":', DUPLICATE]];

export function ordinalOf(line) {
  const begun = start.exec(line);
  return begun ? Number(begun[1]) : JSON.parse(line).ordinal;
}

// The last fields of a line; inside a string the marks would not be bare.
const end = /,"fidelity":(\d+)(?:,"retryOf":\d+)?\}$/;

/** The rung of a trial, or NO_RUNG. */
export function rungOf(line) {
  const found = end.exec(line);
  return found ? Number(found[1]) : start.test(line) ? NO_RUNG : JSON.parse(line).fidelity ?? NO_RUNG;
}

const names = [], values = [];   // of the line that is scanned

/**
 * @param {(metric: string, value: number) => void} each Called for each measurement, in order.
 * @returns {number} The outcome.
 */
export function scan(line, each) {
  const begun = start.exec(line), mark = begun && marks.find(([text]) => line.includes(text, begun[0].length - 1));
  if (!mark) return read(line, each);
  if (mark[1] === EVALUATED) {
    const from = line.indexOf(measurements, begun[0].length - 1) + measurements.length;
    let n = 0;
    value.lastIndex = from;
    for (let m; (m = value.exec(line)) !== null; n++) [names[n], values[n]] = [m[1], Number(m[2])];
    if (n !== objects(line, from)) return read(line, each);   // a name with an escape, or another order of fields
    for (let k = 0; k < n; k++) each(names[k], values[k]);
  }
  return mark[1];
}

/** As `scan`, by the slow and certain way. */
export function read(line, each) {
  const trial = JSON.parse(line);
  for (const m of trial.measurements ?? []) each(m.metric, m.value);
  return outcomeOf(trial);
}

/** Key and note in lower case: what a filter looks through, not the names of JSON. */
export function searchText(line, outcome) {
  const begun = outcome === EVALUATED ? start.exec(line) : null;
  if (begun) return begun[2].toLowerCase();
  const trial = JSON.parse(line);
  return `${trial.key} ${noteOf(trial)}`.toLowerCase();
}

function objects(line, from) {
  let n = 0;
  for (let at = from - 1; (at = line.indexOf('{"', at + 1)) >= 0;) n++;
  return n;
}
