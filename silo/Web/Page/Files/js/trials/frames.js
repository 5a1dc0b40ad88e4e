// The silo's frames of columns: a line of JSON {from, count, metrics, fidelity?}, a byte for each trial's outcome, where the line says fidelity one for its rung (255: none), then for each
// metric a float64 for each trial, NaN where it has none.

/** @param {ReadableStream<Uint8Array>} stream @returns {AsyncGenerator<{from: number, outcomes: Uint8Array, rungs: Uint8Array|null, metrics: {name: string, unit: string, origin: string, values: Float64Array}[]}>} */
export async function* frames(stream) {
  const bytes = new Bytes(stream.getReader());
  for (let head; (head = await bytes.line()) !== null;) {
    const { from, count, metrics, fidelity } = JSON.parse(head), outcomes = await bytes.take(count), rungs = fidelity ? await bytes.take(count) : null, all = [];
    for (const { metric, unit, origin } of metrics) all.push({ name: metric, unit, origin, values: new Float64Array((await bytes.take(8 * count)).buffer) });
    yield { from, outcomes, rungs, metrics: all };
  }
}

/** A stream read by lines and by numbers of bytes. */
class Bytes {
  #reader;
  #held = new Uint8Array(0);
  #at = 0;

  constructor(reader) { this.#reader = reader; }

  /** The bytes up to the next line end as text; null at the end of the stream. */
  async line() {
    let end;
    while ((end = this.#held.indexOf(10, this.#at)) < 0)
      if (!await this.#more()) {
        if (this.#at < this.#held.length) throw broken();
        return null;
      }
    const text = new TextDecoder().decode(this.#held.subarray(this.#at, end));
    this.#at = end + 1;
    return text;
  }

  /** The next `n` bytes, a copy. */
  async take(n) {
    while (this.#held.length - this.#at < n) if (!await this.#more()) throw broken();
    return this.#held.slice(this.#at, this.#at += n);
  }

  async #more() {
    const { value, done } = await this.#reader.read();
    if (done) return false;
    const rest = this.#held.subarray(this.#at), joined = new Uint8Array(rest.length + value.length);
    joined.set(rest);
    joined.set(value, rest.length);
    [this.#held, this.#at] = [joined, 0];
    return true;
  }
}

const broken = () => new Error('the silo\'s answer broke off');
