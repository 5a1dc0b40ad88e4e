// Rejected candidates by limit and by what stands in the way, told as the report tells them. Reasons hold numbers and engines, so hardly two are equal:
// the cap that they name is their group, and where they name none, their text with numbers and engines taken out.

const most = 60, longestKind = 140;

// Tried in this order: a reason that names a cap may be about something else.
const kinds = [[/^not measured\b/i, 'rejected by the study before it was measured'], [/\bno engine of (this|the) board meets\b/i, 'no engine of the board is fast enough']];
const cap = /\b(DSP|LUT|FF|BRAM18|BRAM|URAM|memory):?\s+\d+(?:\.\d+)?\s?%/i;
const engines = /\b\d+x\d+x\d+(?:-\w+)?|\(\d+, ?\d+, ?\d+\)/g;
const numbers = /(?<![\w.-])-?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?(?![\w-])/gi;

function inTheWay(reason) {
  for (const [when, says] of kinds) if (when.test(reason)) return says;
  const found = cap.exec(reason);
  if (found) return found[1].toLowerCase() === 'memory' ? 'memory' : found[1].toUpperCase();
  const kind = reason.replace(engines, 'an engine').replace(numbers, 'n');
  return kind.length <= longestKind ? kind : `${kind.slice(0, longestKind)}…`;
}

export class Rejections {
  groups = new Map();
  count = 0;

  add(ordinal, { constraint, reason }) {
    this.count++;
    let way = inTheWay(reason), key = JSON.stringify([constraint, way]);
    if (!this.groups.has(key) && this.groups.size >= most) [constraint, way, key] = ['others', 'further reasons', 'others'];
    const known = this.groups.get(key);
    if (known) known.count++;
    else this.groups.set(key, { constraint, way, count: 1, first: ordinal, example: reason });
  }

  /** The largest first; of equal ones the one seen first. */
  largest() {
    return [...this.groups.values()].sort((a, b) => b.count - a.count || a.first - b.first);
  }
}
