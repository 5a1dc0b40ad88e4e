// The members of the front as a table: the same as the picture, for reading, copying and the keyboard.

import { el, fill, say } from '../dom.js';
import { columnFormat, count, metric } from '../format.js';

const most = 100, few = 3;   // few: columns that a phone has room for

export class MemberTable {
  element = el('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': 'Members of the front' });
  #pick;
  #light;
  #rows = new Map();
  #drawn = '';
  #chosen = -1;

  /** @param {(trial: number) => void} pick @param {(trial: number) => void} light Pointed at; -1: no longer. */
  constructor(pick, light) {
    this.#pick = pick;
    this.#light = light;
  }

  /** @param {number[]} front @param {{name: string, unit: string, values: Float64Array}[]} metrics @param {Uint8Array|null} feasible */
  show(front, metrics, feasible) {
    const told = `${metrics.map(m => m.name)} ${front.slice(0, most)} ${front.length}`;
    if (told !== this.#drawn) this.#build(front, metrics);
    this.#drawn = told;
    for (const [i, row] of this.#rows) {
      const out = feasible ? feasible[i] === 0 : false;
      row.classList.toggle('out', out);
      say(row.lastChild, out ? 'breaks a limit' : '');
    }
  }

  #build(front, metrics) {
    this.#rows.clear();
    const tell = metrics.map(m => columnFormat(front.map(i => m.values[i])));
    const rows = front.slice(0, most).map(i => this.#row(i, metrics.map((m, k) => tell[k](m.values[i]))));
    fill(this.element, el('table', null, el('thead', null, el('tr', null, el('th', { scope: 'col', class: 'n' }, 'trial'),
      metrics.map((m, k) => el('th', { scope: 'col', class: k < few ? 'n' : 'n minor' }, metric(m.name, m.unit), m.unit !== '1' && el('small', null, ` ${m.unit}`))), el('th', { class: 'rest' }))),
    el('tbody', null, rows)), front.length > most && el('p', { class: 'note inset' }, `and ${count(front.length - most)} more; the trials' table shows all, with "on the front" chosen.`));
    this.choose(this.#chosen);
  }

  choose(trial) {
    this.#rows.get(this.#chosen)?.classList.remove('shown');
    this.#rows.get(this.#chosen)?.querySelector('button').setAttribute('aria-pressed', 'false');
    this.#chosen = trial;
    this.#rows.get(trial)?.classList.add('shown');
    this.#rows.get(trial)?.querySelector('button').setAttribute('aria-pressed', 'true');
  }

  #row(i, values) {
    const row = el('tr', { class: 'open' },
      el('td', { class: 'n' }, el('button', { type: 'button', class: 'link', 'aria-pressed': 'false' }, i)),
      values.map((value, k) => el('td', { class: k < few ? 'n' : 'n minor' }, value)), el('td', { class: 'rest note' }));
    row.addEventListener('click', () => this.#pick(i));
    row.addEventListener('pointerenter', () => this.#light(i));
    row.addEventListener('pointerleave', () => this.#light(-1));
    row.addEventListener('focusin', () => this.#light(i));
    this.#rows.set(i, row);
    return row;
  }
}
