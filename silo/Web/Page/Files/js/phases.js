// Where a study stands, in the command's words.

import { el, say } from './dom.js';
import { count, percent, short, withUnit } from './format.js';

const words = {
  Prepare: 'training', Search: 'searching', Finish: 'finishing', Done: 'done', Paused: 'paused', Failed: 'failed', Unknown: 'starting',
};

const tones = { Prepare: 'busy', Search: 'busy', Finish: 'busy', Done: 'good', Paused: 'wait', Failed: 'bad' };

/** Nothing runs: done, paused or failed. */
export const isOver = status => status.phase === 'Done' || status.phase === 'Paused' || status.phase === 'Failed';

export const phaseBadge = status => el('span', { class: `badge ${tones[status.phase] ?? 'wait'}` }, words[status.phase] ?? 'starting');

/** How far the running phase is: [done, all]; all is 0 where nobody knows. */
export function progress(status) {
  if (status.phase === 'Search' || status.phase === 'Paused' || status.phase === 'Failed') return [status.counts.evaluated, status.budget];
  if (status.phase === 'Done') return [1, 1];
  return [status.progress?.step ?? 0, status.progress?.steps ?? 0];
}

/** "step 120 of 900, loss 1.21, 3100 images/s" */
export function figures(status) {
  const p = status.progress;
  if (!p || isOver(status) || (status.phase === 'Search' && !p.step)) return '';
  return [p.stage, p.steps > 0 ? `step ${count(p.step)} of ${count(p.steps)}` : `step ${count(p.step)}`, ...(p.values ?? []).map(figure)].join(', ');
}

function figure({ name, value, unit }) {
  return !unit || unit === '1' ? name.includes('/') ? `${short(value)} ${name}` : `${name} ${short(value)}` : `${name} ${withUnit(value, unit)}`;
}

/** A bar of the running phase. */
export function progressBar() {
  const done = el('i'), text = el('span', { class: 'n' }), track = el('div', { class: 'progress', role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-label': 'Progress of the phase' }, done);
  return {
    element: el('div', { class: 'progress-row' }, track, text),
    show(status) {
      const [step, all] = progress(status), share = all > 0 ? Math.min(1, step / all) : 0;
      done.style.width = `${100 * share}%`;
      track.dataset.phase = status.phase;
      track.setAttribute('aria-valuenow', Math.round(100 * share));
      say(text, all > 0 ? percent(Math.min(step, all), all) : '');
    },
  };
}
