/** Values of a metric that wait to be sent, each with its place in the batch. */
export class Pending {
  at = [];
  values = [];

  /** @param {{metric: string, unit: string, origin: string}} first The first measurement of it. */
  constructor({ metric, unit, origin }) { Object.assign(this, { name: metric, unit, origin }); }

  // The first value of a metric is the one a trial is drawn by.
  add(at, value) {
    if (this.at.length > 0 && this.at[this.at.length - 1] === at) return;
    this.at.push(at);
    this.values.push(value);
  }

  /** As a column of the batch's `n` trials; none wait then. */
  dense(n) {
    const all = new Float64Array(n).fill(NaN);
    this.at.forEach((at, k) => { all[at] = this.values[k]; });
    this.at = [];
    this.values = [];
    return { name: this.name, unit: this.unit, origin: this.origin, values: all };
  }
}
