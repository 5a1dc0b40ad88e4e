// A table of any number of rows of one height: only those in sight exist. Rows are told apart by their place in an order that the worker gives.

import { el, fill, say } from '../dom.js';

const overscan = 6, held = 4000;

export class VirtualTable extends EventTarget {
  element;
  #head;
  #body;
  #space;
  #pool = [];
  #order = new Uint32Array(0);
  #texts = new Map();
  #columns = [];
  #rowsOf;
  #frame = 0;
  #active = 0;
  #asking = false;
  #height = 0;
  #observer;

  /**
   * Events: sort (detail: a column's id), open (detail: a trial).
   * @param {(indices: number[]) => Promise<object[]>} rowsOf The texts of trials.
   */
  constructor(label, rowsOf) {
    super();
    this.#rowsOf = rowsOf;
    this.#head = el('div', { class: 'vrow vhead', role: 'row', 'aria-rowindex': 1 });
    this.#space = el('div', { class: 'vspace' });
    this.#body = el('div', { class: 'vbody', role: 'rowgroup', tabindex: 0, 'aria-label': `${label}: arrows go through the rows, Enter tells about one` }, this.#space);
    this.element = el('div', { class: 'vtable', role: 'grid', 'aria-label': label }, el('div', { role: 'rowgroup', class: 'vheads' }, this.#head), this.#body);
    this.#body.addEventListener('scroll', () => this.#later(), { passive: true });
    this.#body.addEventListener('keydown', event => this.#key(event));
    this.#body.addEventListener('click', event => {
      const row = event.target.closest('.vrow');
      if (row && getSelection().isCollapsed) this.#activate(Number(row.dataset.at), true);
    });
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(this.#body);
  }

  /** @param {{id: string, title: string, unit?: string, kind: string, width: string, text: (trial: number, texts: object|undefined) => string, tone?: Function}[]} columns */
  set columns(columns) {
    this.#columns = columns;
    this.element.style.setProperty('--columns', columns.map(c => c.width).join(' '));
    fill(this.#head, columns.map(c => el('div', { class: `vcell ${c.kind}`, role: 'columnheader', data: { id: c.id } }, c.fixed ? el('span', null, c.title)
      : el('button', { type: 'button', title: c.title, onclick: () => this.#tell('sort', c.id) }, c.title, c.unit ? el('small', null, ` ${c.unit}`) : null, el('i', { class: 'arrow', 'aria-hidden': 'true' })))));
    for (const row of this.#pool) row.remove();
    this.#pool = [];
    this.#draw();
  }

  /** Shows which column the rows are sorted by. */
  sorted(by, descending) {
    for (const cell of this.#head.children) cell.setAttribute('aria-sort', cell.dataset.id !== by ? 'none' : descending ? 'descending' : 'ascending');
  }

  /** Takes the rows' order; the place in it stays unless `top`. */
  show(order, top) {
    this.#order = order;
    this.element.setAttribute('aria-rowcount', order.length + 1);
    this.#active = top ? 0 : Math.min(this.#active, Math.max(0, order.length - 1));
    if (top) this.#body.scrollTop = 0;
    this.#resize();
  }

  close() {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  #resize() {
    this.#height = parseFloat(getComputedStyle(this.element).getPropertyValue('--row')) || 30;
    this.#space.style.height = `${this.#order.length * this.#height}px`;
    this.#draw();
  }

  #later() { if (!this.#frame) this.#frame = requestAnimationFrame(() => { this.#frame = 0; this.#draw(); }); }

  #draw() {
    if (!this.#height) return;
    const seen = Math.ceil(this.#body.clientHeight / this.#height), first = Math.max(0, Math.floor(this.#body.scrollTop / this.#height) - overscan);
    const last = Math.min(this.#order.length, first + seen + 2 * overscan), missing = [];
    while (this.#pool.length < last - first) this.#grow();
    this.#pool.forEach((row, k) => {
      // A row keeps its element while it is in sight: place `at` always uses element `at mod pool`.
      const at = first + (((k - first) % this.#pool.length) + this.#pool.length) % this.#pool.length;
      row.hidden = at >= last;
      if (row.hidden) {
        row.setAttribute('aria-selected', 'false');
        return;
      }
      const trial = this.#order[at], texts = this.#texts.get(trial);
      if (!texts) missing.push(trial);
      this.#put(row, at, trial, texts);
    });
    if (missing.length > 0) this.#ask(missing);
  }

  #grow() {
    const row = el('div', { class: 'vrow', role: 'row' }, this.#columns.map(c => el('div', { class: `vcell ${c.kind}`, role: 'gridcell', data: { unit: c.unit ?? '' } })));
    this.#pool.push(row);
    this.#space.append(row);
  }

  #put(row, at, trial, texts) {
    row.style.transform = `translateY(${at * this.#height}px)`;
    row.dataset.at = at;
    row.id = `trial-row-${at}`;
    row.setAttribute('aria-rowindex', at + 2);
    row.setAttribute('aria-selected', at === this.#active);
    this.#columns.forEach((column, k) => {
      const cell = row.children[k];
      say(cell, column.text(trial, texts));
      if (column.tone) cell.dataset.tone = column.tone(trial);
    });
  }

  async #ask(trials) {
    if (this.#asking) return;   // what is still missing is asked for when this is answered
    this.#asking = true;
    const rows = await this.#rowsOf(trials);
    this.#asking = false;
    if (this.#texts.size > held) this.#texts.clear();
    trials.forEach((trial, k) => this.#texts.set(trial, rows[k]));
    this.#draw();
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.#body.clientHeight / this.#height) - 1), end = this.#order.length - 1;
    const to = { ArrowDown: this.#active + 1, ArrowUp: this.#active - 1, PageDown: this.#active + page, PageUp: this.#active - page, Home: 0, End: end }[event.key];
    if (to !== undefined && !event.ctrlKey && !event.metaKey) this.#activate(Math.min(end, Math.max(0, to)), false);
    else if (event.key === 'Enter') this.#activate(this.#active, true);
    else return;
    event.preventDefault();
  }

  #activate(at, open) {
    if (at < 0 || at >= this.#order.length) return;
    this.#active = at;
    const top = at * this.#height, body = this.#body;
    if (top < body.scrollTop) body.scrollTop = top;
    else if (top + this.#height > body.scrollTop + body.clientHeight) body.scrollTop = top + this.#height - body.clientHeight;
    this.#draw();
    body.setAttribute('aria-activedescendant', `trial-row-${at}`);
    if (open) this.#tell('open', this.#order[at]);
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
