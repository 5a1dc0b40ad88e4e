// Limits that the reader tries: what they leave over, without asking anybody.

/** A limit on a metric: at most, or at least where more is better. */
export class Limits {
  #limits = new Map();

  set(metric, value, atLeast) {
    if (value === null || Number.isNaN(value)) this.#limits.delete(metric);
    else this.#limits.set(metric, { value, atLeast });
  }

  get(metric) { return this.#limits.get(metric)?.value ?? null; }

  clear() { this.#limits.clear(); }

  get any() { return this.#limits.size > 0; }

  get all() { return [...this.#limits].map(([metric, limit]) => ({ metric, ...limit })); }

  /** 1 for each trial that keeps all limits; a trial without a value of the metric keeps none on it. Null where there is no limit. */
  feasible(columns) {
    if (!this.any) return null;
    const kept = new Uint8Array(columns.count).fill(1);
    for (const { metric, value, atLeast } of this.all) {
      const of = columns.values(metric);
      if (!of) continue;
      if (atLeast) for (let i = 0; i < kept.length; i++) kept[i] &= of[i] >= value ? 1 : 0;
      else for (let i = 0; i < kept.length; i++) kept[i] &= of[i] <= value ? 1 : 0;
    }
    return kept;
  }
}
