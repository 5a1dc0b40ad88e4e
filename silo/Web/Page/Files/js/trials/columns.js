// Trials as columns of typed arrays, one entry an ordinal: what 100,000 of them are drawn and sorted from. Both sides of the worker hold their own.

import { Span } from '../format.js';

const start = 1024;

/** A typed array that grows. `of` gives its first `n` values without copying. */
export class Column {
  constructor(type, empty = 0) {
    this.values = new type(start);
    this.empty = empty;
    if (empty !== 0) this.values.fill(empty);
  }

  reserve(n) {
    if (n <= this.values.length) return;
    const grown = new this.values.constructor(Math.max(n, this.values.length * 2));
    if (this.empty !== 0) grown.fill(this.empty, this.values.length);
    grown.set(this.values);
    this.values = grown;
  }

  set(at, values) {
    this.reserve(at + values.length);
    this.values.set(values, at);
  }

  of(n) {
    this.reserve(n);
    return this.values.subarray(0, n);
  }
}

/** Outcomes, and of each metric its values (NaN where a trial has none) and their span, with unit and origin of the first. */
export class Columns {
  count = 0;
  outcome = new Column(Uint8Array);
  metrics = new Map();

  /** Adds the trials of a batch, in order. */
  add(batch) {
    this.outcome.set(this.count, batch.outcomes);
    for (const { name, unit, origin, values } of batch.metrics) {
      const metric = this.#metric(name, unit, origin);
      metric.column.set(this.count, values);
      for (const value of values) metric.span.add(value);
    }
    this.count += batch.outcomes.length;
  }

  #metric(name, unit, origin) {
    let known = this.metrics.get(name);
    if (!known) this.metrics.set(name, known = { name, unit, origin, span: new Span(), column: new Column(Float64Array, NaN) });
    return known;
  }

  /** The least and the greatest value of a metric; null when no trial has it. */
  range(name) {
    const metric = this.metrics.get(name);
    return metric ? [metric.span.least, metric.span.most] : null;
  }

  /** The values of a metric over all trials, or null when no trial has it. */
  values(name) {
    return this.metrics.get(name)?.column.of(this.count) ?? null;
  }
}
