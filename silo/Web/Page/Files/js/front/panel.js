// What is known of one trial, beside the plot: its genes and values, where it stands, and where its latency goes on each device.

import { el, fill } from '../dom.js';
import { get, ofStudy } from '../api.js';
import { ago, metric, percent, plural, short, withUnit } from '../format.js';

const bounds = ['compute', 'input', 'weights', 'output', 'memory', 'host'];

/** Fills a place with a trial; a later call for the same place wins. */
export class TrialPanel {
  #place;
  #turn = 0;
  #study;

  constructor(place, study) {
    this.#place = place;
    this.#study = study;
  }

  hint(text) {
    this.#turn++;
    fill(this.#place, el('p', { class: 'note' }, text));
  }

  /** @param {object} line Of trials.jsonl, read. */
  async show(line) {
    const turn = ++this.#turn, more = el('div', null, el('p', { class: 'note' }, 'Asking where it stands …'));
    fill(this.#place, el('h3', null, `Trial ${line.ordinal}`), genes(line.genes), measurements(line.measurements ?? []), more);
    try {
      const explained = await get(ofStudy(this.#study, `/explain?candidate=${line.ordinal}`));
      if (turn !== this.#turn) return;
      if (explained.explanation) fill(more, explanation(explained.explanation));
      else fill(more, el('p', { class: 'note' }, explained.error ?? 'Nothing more is known.'));
    } catch (e) {
      if (turn === this.#turn) fill(more, el('p', { class: 'note' }, e.message));
    }
  }
}

function genes(of) {
  const all = Object.entries(of ?? {}), shown = text => el('p', { class: 'genes' }, text.map(([name, value]) => [el('span', null, el('i', null, name), ` ${value}`), ' ']));
  return all.length <= 12 ? shown(all) : [shown(all.slice(0, 12)), el('details', { class: 'more' }, el('summary', null, `${all.length - 12} more genes`), shown(all.slice(12)))];
}

function measurements(all) {
  return all.length === 0 ? null : el('table', { class: 'plain' }, el('tbody', null, all.map(m => el('tr', null,
    el('th', { scope: 'row' }, metric(m.metric, m.unit)),
    el('td', { class: 'n' }, withUnit(m.value, m.unit), m.spread ? el('small', null, ` ± ${short(m.spread)}`) : null),
    el('td', null, el('small', m.notes ? { title: `otherwise than stated: ${m.notes.join('; ')}` } : null, known(m)))))));
}

// "measured, pi-shelf, 3 min ago"; what is modelled on figures that nodes took is predicted.
const known = m => [m.taken && m.origin === 'Modelled' ? 'predicted' : m.origin.toLowerCase(), m.device, m.taken && ago(m.taken), m.notes && 'otherwise than stated *'].filter(Boolean).join(', ');

function explanation(e) {
  const better = e.dominators ?? [];
  return [
    el('p', { class: 'standing' }, standing(e)),
    better.length > 0 && el('ul', { class: 'why' }, better.map(d => el('li', null,
      `trial ${d.ordinal} with ${(e.objectives ?? []).map(o => d.measurements.find(m => m.metric === o.metric)).filter(Boolean).map(m => `${metric(m.metric, m.unit)} ${withUnit(m.value, m.unit)}`).join(', ')}`,
      d.tied && el('small', null, ' (no further apart than the model can tell)')))),
    (e.priced ?? []).map(device),
  ];
}

function standing(e) {
  const reason = e.reason ? `: ${e.reason}` : '';
  const words = {
    'on-front': 'On the front of the search', dominated: `Dominated by ${plural(e.dominatedBy, 'member')} of the front`, equalled: `As good as one on the front${reason}`,
    'lower-rung': `On a lower rung${reason}`, infeasible: `Breaks a limit${reason}`, rejected: `Rejected${reason}`, failed: `Failed${reason}`,
  }[e.standing] ?? (e.reason ? `It would be rejected${reason}` : 'It would be evaluated');
  const final = { exported: '; on the final front, exported', demoted: '; finished, then put behind by the final values of others' }[e.final] ?? '';
  return `${words}${final}.`;
}

function device({ device: name, quote }) {
  if (quote.totals.length === 0) return [el('h4', null, `${name} cannot run it`), why(quote.why)];
  const total = quote.ops.reduce((sum, op) => sum + op.value, 0), unit = quote.ops[0]?.unit ?? '', blocks = new Map();
  for (const op of quote.ops) blocks.set(op.block, [...blocks.get(op.block) ?? [], op]);
  const all = [...blocks].map(([block, ops]) => ({ block, ops, value: ops.reduce((sum, op) => sum + op.value, 0) })), most = Math.max(...all.map(b => b.value));
  const kinds = bounds.filter(b => quote.ops.some(op => op.boundBy === b));
  return [
    el('h4', null, `${name}: ${withUnit(total, unit)}`, quote.used && el('small', null, ` on ${quote.used.name}`)),
    kinds.length > 0 && el('p', { class: 'legend' }, 'bound by ', kinds.map(k => el('span', null, el('i', { class: `k-${k}` }), k))),
    most > 0 && el('div', { class: 'bars' }, all.map(b => [
      el('span', { class: 'block' }, b.block || '–'), track(b, most), el('span', { class: 'n' }, short(b.value)), el('span', { class: 'n' }, percent(b.value, total))])),
    quote.why.length > 0 && el('details', { class: 'more' }, el('summary', null, 'Why no faster configuration'), why(quote.why)),
    el('p', { class: 'note' }, `Model ${quote.calibration}`),
  ];
}

function track({ ops, value }, most) {
  const parts = ops.filter(op => op.value > 0).map(op => {
    const part = el('i', { class: `k-${bounds.includes(op.boundBy) ? op.boundBy : 'other'}`, title: `${op.op}: ${withUnit(op.value, op.unit)}, bound by ${op.boundBy}` });
    part.style.width = `${100 * op.value / most}%`;
    return part;
  });
  return el('span', { class: 'track', role: 'img', 'aria-label': short(value) }, parts);
}

const why = all => el('ul', { class: 'why' }, all.map(w => el('li', null, `${w.constraint}: ${w.reason}`)));
