// A small chart of one figure over the steps of a training.

import { el, say } from './dom.js';
import { short, tick } from './format.js';
import { colour, onChange } from './theme.js';

const font = '12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif', height = 190;

export class LineChart {
  #figures = el('small');
  #place = el('div', { class: 'chart-place' });
  #u = null;
  #steps = 0;
  #ends = [];
  #still = '';

  constructor(name, unit) {
    this.element = el('figure', null, el('figcaption', null, unit && unit !== '1' ? `${name}, ${unit} ` : `${name} `, this.#figures), this.#place);
    this.name = name;
    const resize = new ResizeObserver(() => this.#u?.setSize({ width: this.#place.clientWidth, height }));
    resize.observe(this.#place);
    this.#ends.push(() => resize.disconnect(), onChange(() => this.#u?.redraw(false, true)));
  }

  /** @param {number[]} x Steps, ascending. @param {number} steps In all; the axis reaches that far. 0: unknown. @param {string} last In words. */
  show(x, y, steps, last) {
    this.#steps = Math.max(steps, x.at(-1) ?? 1);
    this.#still = last;
    say(this.#figures, last);
    this.#place.setAttribute('role', 'img');
    this.#place.setAttribute('aria-label', `${this.name}: ${short(y[0])} at first, ${last}`);
    if (this.#u) this.#u.setData([x, y]);
    else requestAnimationFrame(() => this.#build(x, y));
  }

  close() {
    for (const end of this.#ends) end();
    this.#u?.destroy();
  }

  #build(x, y) {
    if (this.#u || !this.#place.isConnected) return;
    const axis = more => ({ font, stroke: () => colour('faint'), grid: { stroke: () => colour('rule'), width: 1 }, ticks: { show: false }, values: (_, ticks) => ticks.map(t => tick(t, ticks.length > 1 ? ticks[1] - ticks[0] : 1)), ...more });
    this.#u = new uPlot({
      width: this.#place.clientWidth, height, legend: { show: false }, padding: [10, 14, 0, 2],
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7, fill: () => colour('line'), stroke: () => colour('card') } },
      scales: { x: { time: false, range: (_, from) => [Math.min(0, from), this.#steps] } },
      axes: [axis({ size: 26, space: 64 }), axis({ size: (_, values) => 12 + 7 * Math.max(2, ...(values ?? []).map(v => v.length)), space: 36 })],
      series: [{}, { stroke: () => colour('line'), width: 2, points: { show: false } }],
      hooks: { setCursor: [u => say(this.#figures, u.cursor.idx === null || u.cursor.idx === undefined || u.cursor.left < 0 ? this.#still : `${short(u.data[1][u.cursor.idx])} at step ${u.data[0][u.cursor.idx].toLocaleString('en')}`)] },
    }, [x, y], this.#place);
  }
}
