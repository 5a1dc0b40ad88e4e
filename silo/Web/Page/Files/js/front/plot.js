// The picture of a front: all evaluated trials as quiet dots, the front as line and dots, limits as edges. uPlot draws axes and keeps the scales;
// dots, front and limits are drawn into its canvas between its axes.

import { colour, onChange } from '../theme.js';
import { tick } from '../format.js';
import { el } from '../dom.js';
import { Dots, nearest } from './dots.js';
import { paint } from './paint.js';

const font = '12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const wheelStep = 1.2, hoverReach = 14, memberReach = 9;

export class FrontPlot extends EventTarget {
  #u;
  #scene = null;
  #dots = new Dots();
  #whole = null;
  #zoomed = false;
  #marked = -1;
  #limiting = false;
  #place;
  #ring = el('div', { class: 'ring', hidden: true });
  #ends = [];

  /** Events: hover (detail: trial or -1, and where), pick (detail: trial), limit (detail: x, y in values), zoom. */
  constructor(place) {
    super();
    this.#place = place;
    this.#build();
    const resize = new ResizeObserver(() => this.#fit());
    resize.observe(place);
    this.#ends.push(() => resize.disconnect(), onChange(() => this.#recolour()));
  }

  /**
   * What is drawn.
   * @param {{x: Float64Array, y: Float64Array, ranges: {x: [number, number], y: [number, number]}, count: number, feasible: Uint8Array|null, front: number[], steps: boolean,
   *   limits: {x: number|null, y: number|null}, better: {x: number, y: number}, titles: {x: string, y: string}}} scene
   *   `steps`: the front is a staircase of these two axes; `better`: 1 where less is better, -1 where more is.
   */
  show(scene) {
    const known = this.#scene, other = !known || known.titles.x !== scene.titles.x || known.titles.y !== scene.titles.y;
    this.#scene = scene;
    this.#place.classList.toggle('bare', scene.front.length === 0);
    this.#whole = { x: around(scene.ranges.x), y: around(scene.ranges.y) };
    if (other) this.#zoomed = false;
    if (this.#zoomed) this.#u.redraw(false, other);
    else this.#scale(this.#whole);
  }

  get zoomed() { return this.#zoomed; }

  /** Drag sets limits, not the zoom. */
  set limiting(on) {
    this.#limiting = on;
    Object.assign(this.#u.cursor.drag, { x: !on, y: !on });
    this.#place.classList.toggle('limiting', on);
  }

  reset() {
    this.#zoomed = false;
    this.#scale(this.#whole);
    this.#tell('zoom');
  }

  /** By a factor around the middle, or around a place of the plot. */
  zoom(factor, at = { x: 0.5, y: 0.5 }) {
    const { x, y } = this.#range, about = ([from, to], share) => {
      const middle = from + (to - from) * share;
      return [middle - (middle - from) / factor, middle + (to - middle) / factor];
    };
    this.#zoomTo({ x: about(x, at.x), y: about(y, at.y) });
  }

  /** A ring around a trial; -1: none. */
  mark(trial) {
    this.#marked = trial;
    this.#mark();
  }

  /** Where a trial is, in pixels of the place; null when out of sight. */
  where(trial) {
    const { x, y } = this.#scene, box = this.#u.over.getBoundingClientRect(), own = this.#place.getBoundingClientRect();
    const left = this.#u.valToPos(x[trial], 'x'), top = this.#u.valToPos(y[trial], 'y');
    return left < 0 || top < 0 || left > box.width || top > box.height || Number.isNaN(left + top) ? null : { left: left + box.left - own.left, top: top + box.top - own.top };
  }

  close() {
    for (const end of this.#ends) end();
    this.#u.destroy();
  }

  #build() {
    const axis = (scale, more) => ({
      scale, font, stroke: () => colour('faint'), grid: { stroke: () => colour('rule'), width: 1 }, ticks: { show: false }, labelFont: font, labelSize: 20, labelGap: 0, label: () => this.#scene?.titles[scale] ?? ' ',
      values: (_, ticks) => ticks.map(t => tick(t, ticks.length > 1 ? ticks[1] - ticks[0] : Math.abs(t) || 1)), ...more,
    });
    const { width, height } = this.#size();
    this.#u = new uPlot({
      width, height, pxAlign: false, legend: { show: false }, padding: [14, 16, 4, 4],
      cursor: { x: false, y: false, points: { show: false }, drag: { x: true, y: true, dist: 6, setScale: false }, bind: { dblclick: () => () => { this.reset(); return null; } } },
      scales: { x: { time: false, auto: false, range: (_, from, to) => [from ?? 0, to ?? 1] }, y: { auto: false, range: (_, from, to) => [from ?? 0, to ?? 1] } },
      axes: [axis('x', { size: 30, space: 70 }), axis('y', { size: (_, values) => 14 + 7 * Math.max(3, ...(values ?? []).map(v => v.length)), space: 44 })],
      series: [{}, { scale: 'y', show: false }],
      hooks: { drawAxes: [u => this.#draw(u)], draw: [() => this.#mark()], setSelect: [u => this.#selected(u)] },
    }, [[0, 1], [0, 1]], this.#place);
    this.#u.over.append(this.#ring);
    this.#listen(this.#u.over);
  }

  #size() { return { width: Math.max(200, this.#place.clientWidth), height: Math.max(200, this.#place.clientHeight) }; }

  #fit() {
    const { width, height } = this.#size();
    if (this.#u.width === width && this.#u.height === height) return;
    this.#u.setSize({ width, height });
  }

  #recolour() {
    this.#u.redraw(false, true);
  }

  get #range() {
    const { x, y } = this.#u.scales;
    return { x: [x.min, x.max], y: [y.min, y.max] };
  }

  #scale({ x, y }) {
    this.#u.batch(() => {
      this.#u.setScale('x', { min: x[0], max: x[1] });
      this.#u.setScale('y', { min: y[0], max: y[1] });
    });
    this.#u.redraw(false, true);
  }

  #zoomTo(range) {
    const whole = this.#whole, small = ([from, to], [least, most]) => to - from < (most - least) * 1e-5, large = ([from, to], [least, most]) => to - from >= most - least;
    if (small(range.x, whole.x) || small(range.y, whole.y)) return;
    if (large(range.x, whole.x) && large(range.y, whole.y)) {
      this.reset();
      return;
    }
    this.#zoomed = true;
    this.#scale(range);
    this.#tell('zoom');
  }

  #selected(u) {
    const { left, top, width, height } = u.select;
    if (width < 6 && height < 6) return;
    const range = { x: [u.posToVal(left, 'x'), u.posToVal(left + width, 'x')], y: [u.posToVal(top + height, 'y'), u.posToVal(top, 'y')] };
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    const { x, y } = this.#range;
    this.#zoomTo({ x: width < 6 ? x : range.x, y: height < 6 ? y : range.y });
  }

  #draw(u) {
    if (this.#scene?.count > 0) paint(u, this.#scene, this.#range, this.#dots);
  }

  #mark() {
    if (!this.#u) return;   // its first drawing
    const trial = this.#marked, at = trial >= 0 && trial < (this.#scene?.x.length ?? 0) ? this.where(trial) : null;
    this.#ring.hidden = !at;
    if (!at) return;
    const left = this.#u.valToPos(this.#scene.x[trial], 'x'), top = this.#u.valToPos(this.#scene.y[trial], 'y');
    this.#ring.style.transform = `translate(${left}px, ${top}px)`;
  }

  #listen(over) {
    let frame = 0, at = null, down = null, scrolled = 0;
    const place = event => {
      const box = over.getBoundingClientRect();
      return { left: event.clientX - box.left, top: event.clientY - box.top, width: box.width, height: box.height };
    };
    const limit = where => this.#tell('limit', { x: this.#u.posToVal(where.left, 'x'), y: this.#u.posToVal(where.top, 'y') });
    const look = () => {
      frame = 0;
      if (at) this.#tell('hover', { trial: this.#under(at), ...at });
    };
    over.addEventListener('pointermove', event => {
      at = place(event);
      if (down && this.#limiting) limit(at);
      else if (!frame && !event.buttons) frame = requestAnimationFrame(look);
    });
    over.addEventListener('pointerleave', () => {
      at = null;
      this.#tell('hover', { trial: -1 });
    });
    over.addEventListener('pointerdown', event => {
      if (event.button !== 0) return;
      down = place(event);
      if (!this.#limiting) return;
      over.setPointerCapture(event.pointerId);
      limit(down);
    });
    over.addEventListener('pointerup', event => {
      const up = place(event);
      if (down && !this.#limiting && Math.hypot(up.left - down.left, up.top - down.top) < 5) {
        const trial = this.#under(up);
        if (trial >= 0) this.#tell('pick', trial);
      }
      down = null;
    });
    // The wheel zooms, but for one that is scrolling the page already.
    const scroll = () => { scrolled = performance.now(); };
    addEventListener('scroll', scroll, { passive: true });
    this.#ends.push(() => removeEventListener('scroll', scroll));
    over.addEventListener('wheel', event => {
      if (!this.#scene?.count || performance.now() - scrolled < 250 || event.deltaY === 0) return;
      event.preventDefault();
      const where = place(event);
      this.zoom(event.deltaY < 0 ? wheelStep : 1 / wheelStep, { x: where.left / where.width, y: 1 - where.top / where.height });
    }, { passive: false });
  }

  // A member of the front wins over dots that are nearer.
  #under({ left, top, width, height }) {
    const scene = this.#scene;
    if (!scene || scene.count === 0) return -1;
    const { front, x, y } = scene;
    const members = { x: Float64Array.from(front, i => x[i]), y: Float64Array.from(front, i => y[i]), count: front.length };
    const member = nearest(members, this.#range, width, height, left, top, memberReach);
    return member >= 0 ? front[member] : nearest(scene, this.#range, width, height, left, top, hoverReach);
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

/** A range with a margin. */
function around([least, most]) {
  const span = most > least ? most - least : Math.abs(least) * 0.1 || 1;
  return [least - 0.04 * span, most + 0.04 * span];
}
