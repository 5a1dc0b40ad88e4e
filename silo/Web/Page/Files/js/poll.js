// Asking again and again: not while the tab is hidden, and more slowly while nobody answers.

import * as line from './line.js';

const slowest = 15000;

/**
 * Calls `once` now and then every `every()` ms until the returned function is called. A failure is told in the status line and tried again.
 * @param {() => Promise<void>} once
 * @param {() => number|null} every Null: never again by itself.
 */
export function poll(once, every) {
  let ended = false, timer = 0, wait = 0;
  const owner = {};

  async function turn() {
    clearTimeout(timer);
    timer = 0;
    try {
      await once();
      if (ended) return;
      wait = 0;
      line.clear(owner);
    } catch (e) {
      if (ended || e.name === 'AbortError') return;
      if (e.status === 401) return;
      if (e.status >= 400 && e.status < 500 && e.status !== 429) {
        line.error(owner, e.message);
        return;
      }
      wait = Math.min(slowest, wait ? wait * 2 : 1000);
      line.wait(owner, e.message);
    }
    const next = wait || every();
    if (next !== null) timer = setTimeout(() => { if (document.hidden) timer = 0; else turn(); }, next);
  }

  const seen = () => { if (!document.hidden && !timer && every() !== null) turn(); };
  document.addEventListener('visibilitychange', seen);
  turn();
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
    line.clear(owner);
  };
}
