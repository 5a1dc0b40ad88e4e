// The page's side of the trials of one study: columns that grow, and questions to the worker that holds the texts.

import { Columns } from './columns.js';

// A worker that has read its modules already, for the study that the address names: it need not wait for the log-in's answer.
let spare = null;

export function prepare() { spare ??= begin(); }

const begin = () => new Worker('/app/js/trials/worker.js', { type: 'module' });

export class Trials extends EventTarget {
  columns = new Columns();
  state = 'loading';
  loaded = false;
  #worker = spare ?? begin();
  #asked = new Map();
  #id = 0;

  /** Begins to load at once. Events: batch, loaded, known (the study's status is), status (detail: the study's status), state (detail: live, wait, ended, refused). */
  constructor(study) {
    super();
    spare = null;
    this.#worker.addEventListener('message', ({ data }) => this.#hear(data));
    this.#worker.postMessage({ follow: study });
  }

  /** The trials of a filter in order, as Uint32Array. */
  order = (filter, sort) => this.#ask('order', { filter, sort });

  /** Key and note of trials. */
  rows = indices => this.#ask('rows', indices);

  /** The line of trials.jsonl, read. */
  line = i => this.#ask('line', i);

  rejections = () => this.#ask('rejections');

  /** The study runs again. */
  again() { this.#worker.postMessage({ again: true }); }

  close() { this.#worker.terminate(); }

  #ask(ask, argument) {
    const id = ++this.#id;
    return new Promise(answer => {
      this.#asked.set(id, answer);
      this.#worker.postMessage({ id, ask, argument });
    });
  }

  #hear(data) {
    if (data.batch) {
      this.columns.add(data.batch);
      this.#tell('batch');
    } else if (data.loaded) {
      this.loaded = true;
      this.#tell('loaded');
    } else if (data.status) this.#tell('status', data.status);
    else if (data.state) {
      this.state = data.state;
      this.#tell('state', data);
    } else if (this.#asked.has(data.id)) {
      this.#asked.get(data.id)(data.answer);
      this.#asked.delete(data.id);
    }
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
