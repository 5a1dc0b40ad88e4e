// The machines: silos, their compute slots, and what waits for a slot.

import { el, fill } from '../dom.js';
import { get } from '../api.js';
import { count, memory } from '../format.js';
import { poll } from '../poll.js';
import { may } from '../session.js';

const none = '–';

export function clusterView() {
  const place = el('div', null, el('p', { class: 'note' }, 'Loading …'));
  const element = el('div', null, el('div', { class: 'title even' }, el('h1', null, 'Cluster'), may('admin') && el('a', { href: '/dashboard/', target: '_blank', rel: 'noopener' }, 'Orleans dashboard')), place);
  let drawn = '';
  const end = poll(async () => {
    const cluster = await get('/cluster'), text = JSON.stringify(cluster);
    if (text !== drawn) draw(cluster);
    drawn = text;
  }, () => 2000);
  document.title = 'Cluster · Hone';

  function draw({ silos = [], slots = [], queue = {} }) {
    const busy = slots.filter(s => s.holds).length;
    fill(place,
      el('dl', { class: 'facts' }, fact('Silos', count(silos.length)), fact('Slots', count(slots.length), busy > 0 ? `${count(busy)} at work` : ''), fact('Jobs waiting', count(queue.waiting ?? 0)), fact('Jobs under way', count(queue.leased ?? 0))),
      el('h2', null, 'Silos'), table(['silo', 'role', 'state', 'version', 'address'], silos.map(s => [s.name, s.role, state(s.status), s.version ?? none, s.address ?? none]), 'No silo has told of itself yet.'),
      el('h2', null, 'Compute slots'), table(['slot', 'holds', 'numerics', 'memory'], slots.map(s => [s.name, s.holds ?? (s.numerics ? el('span', { class: 'note' }, 'idle') : none), s.numerics ?? none, memory(s.memory)]), 'No compute slot: studies wait until a worker joins.'));
  }

  return { element, close: end };
}

const fact = (term, value, more) => el('div', null, el('dt', null, term), el('dd', null, value, more && el('small', null, ` ${more}`)));

const state = status => el('span', null, el('span', { class: `dot ${/active/i.test(status) ? 'good' : /dead/i.test(status) ? 'bad' : 'wait'}` }), String(status).toLowerCase());

function table(heads, rows, nothing) {
  return rows.length === 0 ? el('p', { class: 'empty' }, nothing)
    : el('div', { class: 'scroll' }, el('table', { class: 'stack' }, el('thead', null, el('tr', null, heads.map(text => el('th', { scope: 'col' }, text)))),
      el('tbody', null, rows.map(cells => el('tr', null, cells.map((cell, k) => el('td', { data: { head: heads[k] } }, cell)))))));
}
