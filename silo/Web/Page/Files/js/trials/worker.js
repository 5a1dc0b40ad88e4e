// The trials of one study, beside the page's own thread: fetches and reads their lines, follows new ones, and answers what the table asks.
// The page gets columns of numbers; texts stay here until a row is looked at.

import { Columns } from './columns.js';
import { follow } from './follow.js';
import { kept, sorted } from './order.js';
import { noteOf, outcomeOf, REJECTED } from './outcomes.js';
import { Rejections } from './rejections.js';

const columns = new Columns(), rejections = new Rejections(), lines = [], texts = [];
let pending = null;

/** Takes the line of the next ordinal; others are known already (a reconnect tells the last again). False: some are missing before it. */
function take(line, read) {
  const ordinal = read.ordinal;
  if (ordinal < lines.length) return true;
  if (ordinal > lines.length) return false;
  pending ??= { at: ordinal, outcomes: [], metrics: new Map() };
  const outcome = outcomeOf(read), at = ordinal - pending.at;
  lines.push(line);
  texts.push(null);
  pending.outcomes.push(outcome);
  if (outcome === REJECTED) rejections.add(ordinal, read.rejected);
  for (const m of read.measurements ?? []) {
    let metric = pending.metrics.get(m.metric);
    if (!metric) pending.metrics.set(m.metric, metric = { name: m.metric, unit: m.unit, origin: m.origin, at: [], values: [] });
    if (metric.at[metric.at.length - 1] === at) continue;   // the first value of a metric is the one a trial is drawn by
    metric.at.push(at);
    metric.values.push(m.value);
  }
  return true;
}

/** Sends what was taken since the last time. */
function flush() {
  if (!pending) return;
  const n = pending.outcomes.length, batch = {
    outcomes: Uint8Array.from(pending.outcomes),
    metrics: [...pending.metrics.values()].map(({ name, unit, origin, at, values }) => {
      const dense = new Float64Array(n).fill(NaN);
      for (let k = 0; k < at.length; k++) dense[at[k]] = values[k];
      return { name, unit, origin, values: dense };
    }),
  };
  pending = null;
  columns.add(batch);
  postMessage({ batch }, [batch.outcomes.buffer, ...batch.metrics.map(m => m.values.buffer)]);
}

// What a filter looks through: key and note, not the names of JSON.
function textOf(i) {
  if (texts[i] === null) {
    const line = JSON.parse(lines[i]);
    texts[i] = `${line.key} ${noteOf(line)}`.toLowerCase();
  }
  return texts[i];
}

function row(i) {
  const line = JSON.parse(lines[i]);
  return { key: line.key, note: noteOf(line), constraint: line.rejected?.constraint, fidelity: line.fidelity, retryOf: line.retryOf };
}

function ordered({ filter, sort }) {
  const rows = kept(columns, filter, textOf);
  if (!sort) return rows.slice();
  const keys = sort.by === 'ordinal' ? Float64Array.from({ length: columns.count }, (_, i) => i)
    : sort.by === 'outcome' ? Float64Array.from(columns.outcome.of(columns.count)) : columns.values(sort.by) ?? new Float64Array(columns.count).fill(NaN);
  return sorted(rows, keys, sort.descending);
}

const answers = {
  order: view => ordered(view),
  rows: indices => indices.map(row),
  line: i => JSON.parse(lines[i]),
  rejections: () => ({ count: rejections.count, groups: rejections.largest() }),
};

let following = null;
addEventListener('message', ({ data }) => {
  if (data.follow !== undefined) following ??= follow(data.follow, { next: () => lines.length, take, flush, tell: told => postMessage(told) });
  if (data.again) following?.again();
  if (data.ask) {
    const answer = answers[data.ask](data.argument);
    postMessage({ id: data.id, answer }, answer instanceof Uint32Array ? [answer.buffer] : []);
  }
});
