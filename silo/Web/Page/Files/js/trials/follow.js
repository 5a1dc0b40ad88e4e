// The trials of a study as they are committed: all so far as lines (the fast way), then new ones as server-sent events, for as long as the study runs.
// After any loss it goes on at the next ordinal, and waits a little longer each time in vain.

const ended = new Set(['Done', 'Failed', 'Paused']);
const often = 150, slowest = 15000;

/**
 * @param {{next: () => number, take: (line: string) => boolean, flush: () => void, tell: (message: object) => void}} sink
 * @returns {{again: () => void}} `again`: the study goes on after it had ended.
 */
export function follow(study, sink) {
  const path = `/api/v1/studies/${encodeURIComponent(study)}`;
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
    wait = Math.min(slowest, wait ? wait * 2 : 1000);
    sink.tell({ state: 'wait', why: e.message });
    timer = setTimeout(start, wait * (0.75 + Math.random() / 2));
  }

  start();
  return { again: start };
}

/** Reads lines from the next ordinal on, and sends them on a dozen times a second, the first ones at once. */
async function load(path, { next, take, flush }) {
  const response = await fetch(`${path}/trials?from=${next()}`, { credentials: 'same-origin' }).catch(() => { throw new Error('the silo does not answer; it may be restarting'); });
  if (!response.ok) throw Object.assign(new Error(`the silo answered ${response.status}`), { status: response.status });
  const reader = response.body.getReader(), decoder = new TextDecoder();
  let rest = '', sent = 0;
  const take1 = line => { if (line && !take(line)) throw new Error('the silo left out a trial'); };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const text = rest + decoder.decode(value, { stream: true });
    let from = 0;
    for (let end; (end = text.indexOf('\n', from)) >= 0; from = end + 1) take1(text.slice(from, end));
    rest = text.slice(from);
    if (performance.now() - sent > often) {
      flush();
      sent = performance.now();
    }
  }
  take1(rest + decoder.decode());
  flush();
}
