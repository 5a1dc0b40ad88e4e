// The trials of one study, beside the page's own thread: fetches their columns, follows new ones, and answers what the table asks.
// The page gets columns of numbers; texts stay here, and most stay in the silo until a row is looked at.

import { Columns } from './columns.js';
import { follow } from './follow.js';
import { ordinalOf, rungOf, scan, searchText } from './lines.js';
import { kept, sorted } from './order.js';
import { NO_RUNG, noteOf, REJECTED } from './outcomes.js';
import { Pending } from './pending.js';
import { Rejections } from './rejections.js';
import { Texts } from './texts.js';

const columns = new Columns(), rejections = new Rejections(), searched = [], metrics = new Map();
let grouped = 0, outcomes = [], rungs = [], lines = null, following = null;

function batch(all) {
  columns.add(all);
  postMessage({ batch: all });
}

/** Takes the line of the next ordinal; others are known already (a reconnect tells the last again). False: some are missing before it. */
function take(line) {
  const ordinal = ordinalOf(line), next = columns.count + outcomes.length;
  if (ordinal !== next) return ordinal < next;
  lines.set(ordinal, line);
  outcomes.push(scan(line, (name, value) => measured(line, name, value)));
  rungs.push(rungOf(line));
  return true;
}

function measured(line, name, value) {
  let metric = metrics.get(name);
  if (!metric) metrics.set(name, metric = new Pending(JSON.parse(line).measurements.find(m => m.metric === name)));
  metric.add(outcomes.length, value);
}

/** Sends what was taken since the last time. */
function flush() {
  if (outcomes.length === 0) return;
  const taken = { outcomes: Uint8Array.from(outcomes), rungs: rungs.some(r => r !== NO_RUNG) ? Uint8Array.from(rungs) : null, metrics: [...metrics.values()].filter(m => m.at.length > 0).map(m => m.dense(outcomes.length)) };
  outcomes = [];
  rungs = [];
  batch(taken);
}

const textOf = i => searched[i] ??= searchText(lines.get(i), columns.outcome.values[i]);

async function rows(indices) {
  await lines.some(indices);
  return indices.map(i => {
    const line = JSON.parse(lines.get(i));
    return { key: line.key, note: noteOf(line) };
  });
}

async function line(i) {
  await lines.some([i]);
  return JSON.parse(lines.get(i));
}

// Counted when somebody looks, and from where the last look ended.
async function rejected() {
  await lines.all(columns.count);
  for (; grouped < columns.count; grouped++) if (columns.outcome.values[grouped] === REJECTED) rejections.add(grouped, JSON.parse(lines.get(grouped)).rejected);
  return { count: rejections.count, groups: rejections.largest() };
}

async function ordered({ filter, sort }) {
  if (filter.text.trim()) await lines.all(columns.count);
  const rows = kept(columns, filter, textOf);
  if (!sort) return rows.slice();
  const keys = sort.by === 'ordinal' ? Float64Array.from({ length: columns.count }, (_, i) => i)
    : sort.by === 'outcome' ? Float64Array.from(columns.outcome.of(columns.count)) : sort.by === 'rung' ? Float64Array.from(columns.rung.of(columns.count)) : columns.values(sort.by) ?? new Float64Array(columns.count).fill(NaN);
  return sorted(rows, keys, sort.descending);
}

const answers = { order: ordered, rows, line, rejections: rejected, texts: () => lines.all(columns.count) };

function begin(study) {
  const path = `/api/v1/studies/${encodeURIComponent(study)}`;
  lines = new Texts(`${path}/trials`);
  following = follow(path, { next: () => columns.count, batch, take, flush, tell: told => postMessage(told) });
}

addEventListener('message', async ({ data }) => {
  if (data.follow !== undefined && !following) begin(data.follow);
  if (data.again) following?.again();
  if (data.ask) {
    const answer = await answers[data.ask](data.argument);
    postMessage({ id: data.id, answer }, answer instanceof Uint32Array ? [answer.buffer] : []);
  }
});
