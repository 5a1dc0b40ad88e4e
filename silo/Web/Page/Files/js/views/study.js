// One study: how it goes and what one may do about it, above four views of it.

import { ask } from '../ask.js';
import { el, fill, say } from '../dom.js';
import { get, ofStudy, post } from '../api.js';
import { count, plural } from '../format.js';
import * as line from '../line.js';
import { figures, isOver, phaseBadge, progressBar } from '../phases.js';
import { poll } from '../poll.js';
import { may } from '../session.js';
import { Trials } from '../trials/trials.js';
import { frontView } from './front.js';
import { rejectedView } from './rejected.js';
import { trainingView } from './training.js';
import { trialsView } from './trials.js';

const tabs = [['front', 'Front', frontView], ['trials', 'Trials', trialsView], ['training', 'Training', trainingView], ['rejected', 'Rejected', rejectedView]];

/** @param {string[]} path Name of the study, tab. */
export function studyView([name, tab = 'front']) {
  const trials = new Trials(name), owner = {};
  let status = null, view = null, shown = null, asked = false;
  const context = { study: name, trials, status: () => status };

  const badge = el('span'), method = el('span', { class: 'note' }), bar = progressBar(), doing = el('p', { class: 'note doing' }), reason = el('p', { class: 'reason', hidden: true });
  const facts = el('dl', { class: 'facts' }), actions = el('div', { class: 'actions' }), place = el('div', { class: 'tab-place', id: 'tab-place' });
  const links = tabs.map(([id, text]) => el('a', { href: `#/studies/${encodeURIComponent(name)}/${id}`, data: { tab: id } }, text));
  const element = el('div', { class: 'study' },
    el('div', { class: 'title' }, el('div', { class: 'title-text' }, el('h1', null, name), el('div', { class: 'title-line' }, badge, method)), actions),
    reason, el('div', { class: 'running' }, bar.element, doing), facts,
    el('nav', { class: 'tabs', 'aria-label': 'Views of the study' }, links), place);

  trials.addEventListener('status', event => take(event.detail));
  trials.addEventListener('batch', () => drawFacts());
  trials.addEventListener('state', event => {
    const { state, why } = event.detail;
    if (state === 'wait') line.wait(owner, why);
    else if (state !== 'refused') line.clear(owner);
  });
  const end = poll(async () => {
    const now = await get(ofStudy(name));
    if (asked && trials.state === 'ended' && (!isOver(now) || now.counts.committed > trials.columns.count)) trials.again();
    asked = true;
    take(now);
  }, () => trials.state === 'live' ? 10000 : 3000);
  open(tab);

  function take(now) {
    const first = status === null;
    status = now;
    draw();
    if (first) trials.dispatchEvent(new Event('known'));
    view?.status?.(now);
  }

  function draw() {
    fill(badge, phaseBadge(status));
    say(method, status.method);
    reason.hidden = !status.reason;
    say(reason, status.reason ?? '');
    reason.classList.toggle('bad', status.phase === 'Failed');
    bar.show(status);
    say(doing, figures(status));
    doing.hidden = doing.textContent === '';
    drawFacts();
    drawActions();
  }

  // What is shown is what has come: while trials are still loading they are told as such.
  function drawFacts() {
    if (!status) return;
    const { counts } = status, loading = !trials.loaded && trials.columns.count < counts.committed;
    const all = [['Evaluated', count(counts.evaluated), `of ${count(status.budget)}`], ['Rejected', count(counts.rejected), ''], ['Duplicates', count(counts.duplicates), ''],
      ['Failed', count(counts.failed), ''], ['Committed', count(counts.committed), loading ? `${count(trials.columns.count)} loaded` : '']];
    if (facts.children.length !== all.length) fill(facts, all.map(([term]) => el('div', null, el('dt', null, term), el('dd', null, el('span'), ' ', el('small')))));
    all.forEach(([, value, more], k) => {
      const [span, small] = facts.children[k].querySelectorAll('dd > *');
      say(span, value);
      say(small, more);
    });
  }

  function drawActions() {
    const operator = may('operator'), why = operator ? null : 'The role of this token is viewer; pausing, resuming and stopping need operator.';
    const over = status.phase === 'Done', halted = status.phase === 'Paused' || status.phase === 'Failed';
    const all = [...(status.counts.failed > 0 ? [['Retry failed', 'retry', false]] : []), halted ? ['Resume', 'resume', false] : ['Pause', 'pause', over], ['Stop', 'stop', over || status.phase === 'Finish']];
    const told = JSON.stringify([all, operator]);
    if (actions.dataset.told === told) return;
    actions.dataset.told = told;
    fill(actions, all.map(([text, verb, off]) => el('button', { type: 'button', disabled: !operator || off, title: why, class: verb === 'stop' ? 'careful' : null, onclick: event => act(verb, event.currentTarget) }, text)),
      why && el('span', { class: 'note' }, 'viewer: read only'));
  }

  async function act(verb, button) {
    if (verb === 'stop' && !await ask(`Stop ${name}?`, `Its search ends at the ${plural(status.counts.committed, 'trial')} committed so far, and their front is finished. "hone resume" searches on later.`, 'Stop the search')) return;
    button.disabled = true;
    try {
      const now = await post(ofStudy(name, `/${verb}`));
      if (now.error) line.error(owner, now.error);
      take(now);
      if (trials.state === 'ended' && !isOver(now)) trials.again();
    } catch (e) {
      line.error(owner, `${verb}: ${e.message}`);
    } finally {
      delete actions.dataset.told;
      if (status) drawActions();
    }
  }

  function open(id) {
    const wanted = tabs.find(t => t[0] === id) ?? tabs[0];
    if (shown === wanted[0]) return;
    shown = wanted[0];
    view?.close();
    for (const link of links) {
      if (link.dataset.tab === shown) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    view = null;
    fill(place);
    view = wanted[2](context);
    fill(place, view.element);
    if (status) view.status?.(status);
    document.title = `${name} · ${wanted[1]} · Hone`;
  }

  return {
    element,
    same: path => path[0] === name,
    go: path => open(path[1] ?? 'front'),
    close: () => { end(); view?.close(); trials.close(); line.clear(owner); },
  };
}
