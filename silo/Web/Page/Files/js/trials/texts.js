// The lines of trials: those that events brought are here, others are fetched when somebody looks, a few by their ordinals or all that are missing at once.

import { fetched, longer } from './fetched.js';
import { ordinalOf } from './lines.js';

const most = 256;   // by ordinals, a request

export class Texts {
  #lines = [];
  #path;
  #reading = null;

  /** @param {string} path The study's trials in the API. */
  constructor(path) { this.#path = path; }

  set(i, line) { this.#lines[i] = line; }

  /** The line of a trial; undefined when it is not here. */
  get(i) { return this.#lines[i]; }

  /** Waits until the lines of these trials are here. */
  async some(indices) {
    for (const missing = indices.filter(i => this.#lines[i] === undefined); missing.length > 0;)
      await this.#fetch(`?at=${missing.splice(0, most).join(',')}`);
  }

  /** Waits until the lines of the first `n` trials are here. */
  async all(n) {
    for (let first; (first = this.#missing(n)) >= 0;) {
      this.#reading ??= this.#fetch(`?from=${first}&limit=${n - first}`).finally(() => { this.#reading = null; });
      await this.#reading;
    }
  }

  #missing(n) {
    for (let i = 0; i < n; i++) if (this.#lines[i] === undefined) return i;
    return -1;
  }

  // Until the silo gives them: what waits for a line has no use for less.
  async #fetch(query) {
    for (let wait = 0; ;) {
      try {
        const reader = (await fetched(this.#path + query)).body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = '', taken = 0;
        for (let part; !(part = await reader.read()).done;) {
          const text = rest + part.value;
          let from = 0;
          for (let end; (end = text.indexOf('\n', from)) >= 0; from = end + 1, taken++) this.#take(text.slice(from, end));
          rest = text.slice(from);
        }
        if (taken > 0) return;
        throw new Error('the silo gave none');
      } catch {
        wait = longer(wait);
        await new Promise(go => setTimeout(go, wait));
      }
    }
  }

  #take(line) { this.#lines[ordinalOf(line)] ??= line; }
}
