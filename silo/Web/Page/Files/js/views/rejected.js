// What the search turned down before anything was trained for it, by limit and by what stood in the way.

import { el, fill } from '../dom.js';
import { count, percent } from '../format.js';

const coming = 500;

/** @param {{trials: import('../trials/trials.js').Trials}} context */
export function rejectedView({ trials }) {
  const abort = new AbortController(), element = el('div', { class: 'rejected' });
  let timer = 0;

  trials.addEventListener('batch', () => { timer ||= setTimeout(() => { timer = 0; draw(); }, coming); }, { signal: abort.signal });
  trials.addEventListener('loaded', draw, { signal: abort.signal });
  draw();

  async function draw() {
    const { count: all, groups } = await trials.rejections();
    if (abort.signal.aborted) return;
    if (all === 0) {
      fill(element, el('p', { class: 'empty' }, trials.loaded ? 'No candidate was rejected: each one kept the limits of the study.' : 'Loading …'));
      return;
    }
    fill(element, el('p', { class: 'note' }, `${count(all)} candidates broke a limit and were turned down before anything was trained for them.`),
      el('div', { class: 'scroll' }, el('table', { class: 'wide stack' }, el('thead', null, el('tr', null,
        el('th', { scope: 'col' }, 'limit'), el('th', { scope: 'col' }, 'what stands in the way'), el('th', { scope: 'col', class: 'n' }, 'candidates'), el('th', { scope: 'col', class: 'share' }, 'share'), el('th', { scope: 'col' }, 'the first one'))),
      el('tbody', null, groups.map(g => el('tr', null, el('td', { data: { head: 'limit' } }, g.constraint), el('td', { class: 'text', data: { head: 'in the way' } }, g.way), el('td', { class: 'n', data: { head: 'candidates' } }, count(g.count)), el('td', { class: 'share', data: { head: 'share' } }, el('span', null, bar(g.count, all), el('span', { class: 'n' }, percent(g.count, all)))),
        el('td', { class: 'text long', data: { head: 'the first' } }, el('span', null, el('small', null, `trial ${g.first}: `), g.example))))))));
  }

  function bar(part, all) {
    const done = el('i');
    done.style.width = `${100 * part / all}%`;
    return el('span', { class: 'meter', 'aria-hidden': 'true' }, done);
  }

  return { element, close: () => { abort.abort(); clearTimeout(timer); } };
}
