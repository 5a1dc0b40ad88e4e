// Trials as columns of typed arrays, one entry an ordinal: what 100,000 of them are drawn and sorted from. Both sides of the worker hold their own.

import { Span } from '../format.js';
import { EVALUATED, NO_RUNG } from './outcomes.js';

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

/** Outcomes and rungs, and of each metric its values (NaN where a trial has none) and their span, with unit and origin of the first. */
export class Columns {
  count = 0;
  outcome = new Column(Uint8Array);
  rung = new Column(Uint8Array, NO_RUNG);
  highest = -1;   // rung of an evaluated trial; -1: none has one
  metrics = new Map();

  /** Adds the trials of a batch, in order. */
  add(batch) {
    this.outcome.set(this.count, batch.outcomes);
    if (batch.rungs) {
      this.rung.set(this.count, batch.rungs);
      batch.rungs.forEach((rung, i) => { if (rung !== NO_RUNG && batch.outcomes[i] === EVALUATED) this.highest = Math.max(this.highest, rung); });
    }
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

  /** The least and the greatest value of a metric among the trials that can be compared; null when no trial has it. */
  range(name, comparable = this.comparable()) {
    const metric = this.metrics.get(name);
    if (!metric || !comparable) return metric ? [metric.span.least, metric.span.most] : null;
    const span = new Span(), values = this.values(name);
    for (let i = 0; i < this.count; i++) if (comparable[i]) span.add(values[i]);
    return span.least <= span.most ? [span.least, span.most] : null;
  }

  /**
   * 1 for each trial that a front is drawn from, as in core/Search/Fronts/FrontFidelity: evaluated, on the highest rung on which any is. Null where trials have no rungs: every evaluated
   * one is then.
   */
  comparable() {
    if (this.highest < 0) return null;
    const of = new Uint8Array(this.count), outcomes = this.outcome.of(this.count), rungs = this.rung.of(this.count);
    for (let i = 0; i < of.length; i++) of[i] = outcomes[i] === EVALUATED && rungs[i] === this.highest ? 1 : 0;
    return of;
  }

  /** The values of a metric over all trials, or null when no trial has it. */
  values(name) {
    return this.metrics.get(name)?.column.of(this.count) ?? null;
  }
}
