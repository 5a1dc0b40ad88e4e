// The limits that the reader tries, as sliders and fields: one row a metric.

import { el } from '../dom.js';
import { metric, short } from '../format.js';

const steps = 1000;

export class LimitRows {
  element = el('div', { class: 'limits' });
  #rows = new Map();
  #limits;
  #changed;

  /** @param {import('./limits.js').Limits} limits @param {() => void} changed */
  constructor(limits, changed) {
    this.#limits = limits;
    this.#changed = changed;
  }

  /** Takes the metrics and their ranges of the moment. @param {{name, unit, atLeast, range: [number, number]}[]} metrics */
  of(metrics) {
    for (const m of metrics) {
      const known = this.#rows.get(m.name);
      if (known) Object.assign(known, m);
      else this.#add(m);
    }
    this.draw();
  }

  /** Shows the limits as they are now. */
  draw() {
    for (const row of this.#rows.values()) {
      const limit = this.#limits.get(row.name), [least, most] = row.range, end = row.atLeast ? least : most;
      const share = most > least ? ((limit ?? end) - least) / (most - least) : 0;
      if (document.activeElement !== row.slider) row.slider.value = Math.round(steps * share);
      if (document.activeElement !== row.field) row.field.value = limit === null ? '' : short(limit);
      row.slider.setAttribute('aria-valuetext', limit === null ? 'no limit' : `${short(limit)} ${row.unit === '1' ? '' : row.unit}`);
      row.element.classList.toggle('set', limit !== null);
    }
  }

  #add(row) {
    const name = metric(row.name, row.unit), says = `${name} ${row.atLeast ? 'at least' : 'at most'}`;
    row.slider = el('input', { type: 'range', min: 0, max: steps, step: 1, 'aria-label': `Limit: ${says}` });
    row.field = el('input', { type: 'text', inputmode: 'decimal', placeholder: 'none', autocomplete: 'off', 'aria-label': `Limit: ${says}${row.unit === '1' ? '' : `, in ${row.unit}`}` });
    row.slider.addEventListener('input', () => {
      const [least, most] = row.range, share = row.slider.value / steps, free = row.atLeast ? share === 0 : share === 1;
      this.#put(row, free ? null : least + share * (most - least));
    });
    row.field.addEventListener('input', () => {
      const text = row.field.value.trim().replace(',', '.'), value = Number(text), wrong = text !== '' && !Number.isFinite(value);
      row.field.setAttribute('aria-invalid', wrong);
      if (!wrong) this.#put(row, text === '' ? null : value);
    });
    row.element = el('div', { class: 'limit' }, el('span', { class: 'limit-name' }, name, el('small', null, row.atLeast ? ' at least' : ' at most')),
      row.slider, row.field, el('small', { class: 'unit' }, row.unit === '1' ? '' : row.unit));
    this.#rows.set(row.name, row);
    this.element.append(row.element);
  }

  #put(row, value) {
    this.#limits.set(row.name, value, row.atLeast);
    this.draw();
    this.#changed();
  }
}
