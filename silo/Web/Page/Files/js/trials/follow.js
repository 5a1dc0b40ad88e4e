// The trials of a study as they are committed: all so far as columns (the fast way), then the lines of new ones as server-sent events, for as long as the study runs.
// After any loss it goes on at the next ordinal, and waits a little longer each time in vain.

import { fetched, longer } from './fetched.js';
import { frames } from './frames.js';

const ended = new Set(['Done', 'Failed', 'Paused']);

/**
 * @param {string} path The study in the API.
 * @param {{next: () => number, batch: (columns: object) => void, take: (line: string) => boolean, flush: () => void, tell: (message: object) => void}} sink
 * @returns {{again: () => void}} `again`: the study goes on after it had ended.
 */
export function follow(path, sink) {
  let events = null, timer = 0, wait = 0, busy = false;

  async function start() {
    if (busy || events) return;
    busy = true;
    clearTimeout(timer);
    try {
      await load(path, sink);
      sink.tell({ loaded: true });
      watch();
    } catch (e) {
      later(e);
    } finally {
      busy = false;
    }
  }

  function watch() {
    events = new EventSource(`${path}/watch?from=${sink.next()}`);
    events.addEventListener('open', () => sink.tell({ state: 'live' }));
    events.addEventListener('update', event => {
      wait = 0;
      const update = JSON.parse(event.data);
      let whole = true;
      for (const trial of update.trials) whole = sink.take(JSON.stringify(trial)) && whole;
      sink.flush();
      sink.tell({ status: update.status });
      if (!whole) {
        close();
        start();
      } else if (ended.has(update.status.phase)) {
        close();
        sink.tell({ state: 'ended' });
      }
    });
    events.addEventListener('error', () => {
      if (events?.readyState === EventSource.CONNECTING) sink.tell({ state: 'wait', why: 'the stream of trials broke off' });   // the browser resumes it by Last-Event-ID
      else if (events) later(new Error('the stream of trials broke off'));
    });
  }

  function close() {
    events?.close();
    events = null;
  }

  function later(e) {
    close();
    if (e.status === 401 || e.status === 403 || e.status === 404) {
      sink.tell({ state: 'refused', why: e.message });
      return;
    }
    wait = longer(wait);
    sink.tell({ state: 'wait', why: e.message });
    timer = setTimeout(start, wait * (0.75 + Math.random() / 2));
  }

  start();
  return { again: start };
}

/** Reads columns from the next ordinal on. */
async function load(path, { next, batch }) {
  const response = await fetched(`${path}/columns?from=${next()}`);
  for await (const frame of frames(response.body)) {
    if (frame.from !== next()) throw new Error('the silo left out a trial');
    batch(frame);
  }
}
