// The devices that can price a candidate: those of the catalog, and what is attached to each.

import { el, fill } from '../dom.js';
import { get } from '../api.js';
import { ago, count, short } from '../format.js';
import { poll } from '../poll.js';

// Told in places of their own; whatever else the API tells of a device is a row of its facts.
const own = new Set(['name', 'kind', 'description', 'nodes', 'queue', 'calibration']);

export function devicesView() {
  const place = el('div', null, el('p', { class: 'note' }, 'Loading …')), element = el('div', null, el('h1', null, 'Devices'), place);
  let drawn = '';
  const end = poll(async () => {
    const devices = await get('/devices'), text = JSON.stringify(devices);
    if (text === drawn) return;   // what nobody changed keeps its selection and what is open
    drawn = text;
    draw(devices);
  }, () => 3000);
  document.title = 'Devices · Hone';

  function draw(devices) {
    if (devices.length === 0) {
      fill(place, el('p', { class: 'empty' }, 'This silo knows no device.'));
      return;
    }
    fill(place, el('div', { class: 'cards' }, devices.map(card)));
  }

  return { element, close: end };
}

function card(device) {
  const { name, kind, description, nodes, queue, calibration } = device, facts = [
    ...Object.entries(device).filter(([key, value]) => !own.has(key) && value !== null && value !== ''),
    ...(calibration ? [['calibration', calibration.version], ...(calibration.since ? [['lastFigure', ago(calibration.since)]] : [])] : []),
  ];
  return el('section', { class: 'card', 'aria-label': name },
    el('div', { class: 'card-head' }, el('h2', null, name), kind && el('span', { class: 'badge' }, kind)),
    description && el('p', { class: 'note' }, description),
    (queue || calibration) && el('dl', { class: 'facts small' },
      queue && [fact('Waiting', count(queue.waiting ?? 0)), fact('Under way', count(queue.leased ?? 0))],
      calibration && [fact('Calibration error', calibration.error === undefined || calibration.error === null ? 'unknown' : `${short(calibration.error)} %`, null)]),
    nodes && attached(nodes),
    facts.length > 0 && el('table', { class: 'plain' }, el('tbody', null, facts.map(([key, value]) => el('tr', null, el('th', { scope: 'row' }, spelt(key)), el('td', { class: typeof value === 'number' ? 'n' : null }, told(value)))))));
}

const fact = (term, value, more) => el('div', null, el('dt', null, term), el('dd', null, value, more && el('small', null, ` ${more}`)));

function attached(nodes) {
  if (nodes.length === 0) return el('p', { class: 'note' }, 'No node is attached.');
  return el('table', { class: 'plain nodes' }, el('thead', null, el('tr', null, ['node', 'state', 'measures'].map(text => el('th', { scope: 'col' }, text)))),
    el('tbody', null, nodes.map(node => el('tr', null, el('td', null, node.name, node.processor && el('small', null, ` ${node.processor}${node.threads ? `, ${node.threads} of ${node.cores} cores` : ''}`)), el('td', null, el('span', { class: `dot ${/active|ready|busy/i.test(node.status ?? '') ? 'good' : 'wait'}` }), node.status ?? 'unknown'), el('td', null, node.holds ?? '–')))));
}

// "clockMHz" is "clock MHz"; names in capitals stay.
const spelt = key => key.replace(/([a-z0-9])([A-Z])/g, (_, a, b) => `${a} ${b}`).replace(/ ([A-Z])(?=[a-z]*( |$))/g, (all, letter) => /MHz|GHz|GB/.test(all) ? all : ` ${letter.toLowerCase()}`);

function told(value) {
  if (typeof value === 'number') return Number.isInteger(value) ? count(value) : short(value);
  if (Array.isArray(value)) return value.map(told).join(', ');
  return typeof value === 'object' ? Object.entries(value).map(([k, v]) => `${spelt(k)} ${told(v)}`).join(', ') : String(value);
}
