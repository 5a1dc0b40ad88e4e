// The page's side of the trials of one study: columns that grow, and questions to the worker that has the texts.

import { Columns } from './columns.js';

// The worker that `first.js` began for the study that the address named, unless the silo turned it away: who logged in meanwhile begins anew.
function begun(study) {
  const first = globalThis.honeFirst;
  globalThis.honeFirst = null;
  if (first?.study === study && !first.told.some(t => t.state === 'refused')) return first;
  first?.worker.terminate();
  const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
  worker.postMessage({ follow: study });
  return { worker, told: [] };
}

export class Trials extends EventTarget {
  columns = new Columns();
  state = 'loading';
  loaded = false;
  #worker;
  #asked = new Map();
  #id = 0;

  /** Begins to load at once. Events: batch, loaded, known (the study's status is), status (detail: the study's status), state (detail: live, wait, ended, refused). */
  constructor(study) {
    super();
    const { worker, told } = begun(study);
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#hear(data);
    queueMicrotask(() => told.forEach(data => this.#hear(data)));   // once there is someone to hear it
  }

  /** The trials of a filter in order, as Uint32Array. */
  order = (filter, sort) => this.#ask('order', { filter, sort });

  /** Key and note of trials. */
  rows = indices => this.#ask('rows', indices);

  /** The line of trials.jsonl, read. */
  line = i => this.#ask('line', i);

  rejections = () => this.#ask('rejections');

  /** Has the texts of all trials fetched, since someone is about to look through them. */
  texts = () => this.#ask('texts');

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
