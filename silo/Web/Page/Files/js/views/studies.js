// The studies that the cluster knows, with how far each is.

import { command, el, fill } from '../dom.js';
import { get } from '../api.js';
import { count, plural } from '../format.js';
import { figures, isOver, phaseBadge, progressBar } from '../phases.js';
import { poll } from '../poll.js';

const order = ['Search', 'Prepare', 'Finish', 'Unknown', 'Paused', 'Failed', 'Done'];

export function studiesView() {
  const place = el('div', null, el('p', { class: 'note' }, 'Loading …')), cards = new Map(), element = el('div', null, el('h1', null, 'Studies'), place);
  let busy = true;
  const end = poll(async () => {
    const studies = await get('/studies');
    busy = studies.some(s => !isOver(s));
    draw(studies);
  }, () => busy ? 2000 : 6000);
  document.title = 'Studies · Hone';

  function draw(studies) {
    if (studies.length === 0) {
      cards.clear();
      fill(place, el('div', { class: 'empty' }, el('h2', null, 'No study yet'), el('p', null, 'A study is a YAML file: model, data, devices, limits, budget. Hand one to this cluster and it shows up here:'), command('hone submit client/studies/zdt.yaml')));
      return;
    }
    const list = place.querySelector('.studies') ?? fill(place, el('ul', { class: 'studies' })).firstChild;
    const sorted = [...studies].sort((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase) || a.study.localeCompare(b.study)), names = new Set(sorted.map(s => s.study));
    for (const [name, card] of cards) if (!names.has(name)) { card.element.remove(); cards.delete(name); }
    sorted.forEach((study, k) => {
      if (!cards.has(study.study)) cards.set(study.study, studyCard(study.study));
      const card = cards.get(study.study);
      card.show(study);
      if (list.children[k] !== card.element) list.insertBefore(card.element, list.children[k] ?? null);
    });
  }

  return { element, close: end };
}

function studyCard(name) {
  const badge = el('span'), method = el('span', { class: 'note' }), bar = progressBar(), counts = el('p', { class: 'counts' }), more = el('p', { class: 'note' });
  const element = el('li', { class: 'study-card' }, el('div', { class: 'study-name' }, el('a', { href: `#/studies/${encodeURIComponent(name)}/front` }, name), method), el('div', { class: 'study-state' }, badge), el('div', { class: 'study-bar' }, bar.element, counts), more);
  return {
    element,
    show(status) {
      fill(badge, phaseBadge(status));
      fill(method, status.method);
      bar.show(status);
      const c = status.counts;
      fill(counts, el('b', null, count(c.evaluated)), ` of ${count(status.budget)} evaluated`, c.rejected > 0 && `, ${count(c.rejected)} rejected`, c.duplicates > 0 && `, ${plural(c.duplicates, 'duplicate')}`, c.failed > 0 && el('span', { class: 'bad' }, `, ${count(c.failed)} failed`));
      fill(more, status.reason ?? figures(status));
      more.hidden = more.textContent === '';
    },
  };
}
