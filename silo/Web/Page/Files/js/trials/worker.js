// The trials of one study, beside the page's own thread: fetches and reads their lines, follows new ones, and answers what the table asks.
// The page gets columns of numbers; texts stay here until a row is looked at.

import { Columns } from './columns.js';
import { follow } from './follow.js';
import { ordinalOf, scan, searchText } from './lines.js';
import { kept, sorted } from './order.js';
import { noteOf, REJECTED } from './outcomes.js';
import { Pending } from './pending.js';
import { Rejections } from './rejections.js';

const columns = new Columns(), rejections = new Rejections(), lines = [], texts = [], metrics = new Map();
let grouped = 0, outcomes = [];

/** Takes the line of the next ordinal; others are known already (a reconnect tells the last again). False: some are missing before it. */
function take(line) {
  const ordinal = ordinalOf(line);
  if (ordinal !== lines.length) return ordinal < lines.length;
  lines.push(line);
  texts.push(null);
  outcomes.push(scan(line, measured));
  return true;
}

// Of the last line.
function measured(name, value) {
  let metric = metrics.get(name);
  if (!metric) metrics.set(name, metric = new Pending(JSON.parse(lines[lines.length - 1]).measurements.find(m => m.metric === name)));
  metric.add(outcomes.length, value);
}

/** Sends what was taken since the last time. */
function flush() {
  if (outcomes.length === 0) return;
  const batch = { outcomes: Uint8Array.from(outcomes), metrics: [...metrics.values()].filter(m => m.at.length > 0).map(m => m.dense(outcomes.length)) };
  outcomes = [];
  columns.add(batch);
  postMessage({ batch });
}

function textOf(i) { return texts[i] ??= searchText(lines[i], columns.outcome.values[i]); }

function row(i) {
  const line = JSON.parse(lines[i]);
  return { key: line.key, note: noteOf(line) };
}

// Counted when somebody looks, and from where the last look ended.
function rejected() {
  for (; grouped < columns.count; grouped++) if (columns.outcome.values[grouped] === REJECTED) rejections.add(grouped, JSON.parse(lines[grouped]).rejected);
  return { count: rejections.count, groups: rejections.largest() };
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
  rejections: rejected,
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
