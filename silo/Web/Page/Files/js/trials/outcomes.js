// What became of a trial, as one byte of a column.

export const EVALUATED = 0, REJECTED = 1, DUPLICATE = 2, FAILED = 3;

/** Stands where a trial has no rung. */
export const NO_RUNG = 255;

export const outcomes = ['evaluated', 'rejected', 'duplicate', 'failed'];

/** Of a line of trials.jsonl, read. */
export function outcomeOf(line) {
  return line.measurements ? EVALUATED : line.rejected ? REJECTED : line.duplicate !== undefined ? DUPLICATE : FAILED;
}

/** What a line says beside its key: why it was rejected, what it repeats, how it failed. */
export function noteOf(line) {
  if (line.rejected) return line.rejected.reason;
  if (line.duplicate !== undefined) return `the same as trial ${line.duplicate}`;
  if (line.failed) return `${line.failed.code}: ${line.failed.message}`;
  return '';
}
