// The Pareto front of what is evaluated so far. Losses: smaller is better in each.

/**
 * @param {number} n Trials.
 * @param {Float64Array[]} values One column for each objective; NaN where a trial has none.
 * @param {number[]} signs 1 to minimise, -1 to maximise.
 * @param {Uint8Array|null} feasible Only these, where given.
 * @returns {number[]} Trials, by the first objective from its best value on. Of equal trials the first stands for all.
 */
export function front(n, values, signs, feasible) {
  if (values.length === 0 || values.some(v => !v)) return [];
  const members = values.length === 2 ? sweep(n, values, signs, feasible) : archive(n, values, signs, feasible);
  return members.sort((a, b) => signs[0] * (values[0][a] - values[0][b]) || a - b);
}

// Two objectives: the members in order of the first one are a staircase, so that a place in it is found by halving.
function sweep(n, [u, v], [su, sv], feasible) {
  const at = [];
  for (let i = 0; i < n; i++) {
    if (feasible && !feasible[i]) continue;
    const x = su * u[i], y = sv * v[i];
    if (!(x === x && y === y)) continue;
    let low = 0, high = at.length;   // the first member whose first loss is greater
    while (low < high) {
      const middle = (low + high) >> 1;
      if (su * u[at[middle]] <= x) low = middle + 1; else high = middle;
    }
    if (low > 0 && sv * v[at[low - 1]] <= y) continue;
    let first = low;
    if (first > 0 && su * u[at[first - 1]] === x) first--;
    let last = low;
    while (last < at.length && sv * v[at[last]] >= y) last++;
    at.splice(first, last - first, i);
  }
  return at;
}

// Any number: against each member, the last one that won first, since neighbours in time are often beaten by the same.
function archive(n, values, signs, feasible) {
  const k = values.length, members = [], point = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    if (feasible && !feasible[i]) continue;
    let whole = true;
    for (let o = 0; o < k; o++) {
      point[o] = signs[o] * values[o][i];
      if (point[o] !== point[o]) whole = false;
    }
    if (!whole) continue;
    const winner = members.findIndex(m => m.losses.every((loss, o) => loss <= point[o]));
    if (winner >= 0) {
      if (winner > 0) members.unshift(members.splice(winner, 1)[0]);
      continue;
    }
    for (let m = members.length - 1; m >= 0; m--)
      if (members[m].losses.every((loss, o) => point[o] <= loss)) members.splice(m, 1);
    members.unshift({ i, losses: [...point] });
  }
  return members.map(m => m.i);
}
