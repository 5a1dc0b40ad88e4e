// A study's front while it is searched: the picture, limits to try, the members, and what is known of the chosen trial.

import { el, fill, say } from '../dom.js';
import { count, metric, plural, titled, withUnit } from '../format.js';
import { front } from '../front/archive.js';
import { ResultFiles } from '../front/files.js';
import { LimitRows } from '../front/limitrows.js';
import { Limits } from '../front/limits.js';
import { MemberTable } from '../front/members.js';
import { TrialPanel } from '../front/panel.js';
import { FrontPlot } from '../front/plot.js';
import { EVALUATED } from '../trials/outcomes.js';

const loading = 350, passing = 80;   // ms: between two pictures; a pointer that only passes a dot
const ordinal = { name: '#', unit: '1', label: 'trial' };

/** @param {{study: string, trials: import('../trials/trials.js').Trials, status: () => object}} context */
export function frontView({ study, trials, status }) {
  const limits = new Limits(), abort = new AbortController(), columns = trials.columns;
  let axes = null, members = [], chosen = -1, line = null, found = -1, frame = 0, timer = 0, grown = 0, scene = null;

  const place = el('div', { class: 'plot', tabindex: 0, role: 'application', 'aria-roledescription': 'plot', 'aria-label': 'Evaluated trials and the Pareto front. Left and right go through the members of the front, Enter tells about one, plus and minus zoom, 0 shows all.' });
  const card = el('div', { class: 'hover', hidden: true });
  const nothing = el('p', { class: 'over-plot', hidden: true }, 'No trial is evaluated yet. The first ones appear here as they are committed.');
  const across = el('select', { id: 'axis-x' }), upward = el('select', { id: 'axis-y' });
  const picks = el('div', { class: 'picks' }, el('label', null, 'up ', upward), el('label', null, 'across ', across));
  const modes = el('div', { class: 'modes', role: 'group', 'aria-label': 'What a drag does' }, mode('Zoom', false), mode('Limit', true));
  const zooms = el('div', { class: 'modes' }, tool('−', 'Zoom out', () => plot.zoom(1 / 1.5)), tool('+', 'Zoom in', () => plot.zoom(1.5)), tool('All', 'Show all', () => plot.reset()));
  const summary = el('p', { class: 'note', role: 'status', id: 'feasible' });
  const clear = el('button', { type: 'button', class: 'small', hidden: true, onclick: () => { limits.clear(); rows.draw(); draw(); } }, 'Clear');
  const panelPlace = el('section', { class: 'side-card', 'aria-label': 'The chosen trial', 'aria-live': 'polite' });
  const panel = new TrialPanel(panelPlace, study), rows = new LimitRows(limits, draw), table = new MemberTable(choose, light), files = new ResultFiles(study);
  const heading = el('h2', null, 'On the front'), dots = el('span', null, 'evaluated'), key = el('div', { class: 'key', 'aria-hidden': 'true' },
    el('span', null, el('i', { class: 'key-dot' }), dots), el('span', null, el('i', { class: 'key-front' }), 'front'));
  const limitCard = el('section', { class: 'side-card', 'aria-labelledby': 'limits-title' }, el('div', { class: 'side-head' }, el('h2', { id: 'limits-title' }, 'Try limits'), clear), summary, rows.element);
  const side = el('aside', { class: 'side' }, limitCard, panelPlace);
  const element = el('div', { class: 'front' },
    el('div', { class: 'front-main' }, el('div', { class: 'tools' }, picks, key, modes, zooms), el('div', { class: 'plot-frame' }, place, nothing, card)),
    el('div', { class: 'front-more' }, heading, table.element, files.element),
    side);

  const plot = new FrontPlot(place);
  panel.hint('Click a dot or a member to see its genes, where it stands and where its cost goes.');
  plot.addEventListener('pick', event => choose(event.detail));
  plot.addEventListener('hover', event => hover(event.detail));
  plot.addEventListener('limit', event => limit(event.detail));
  across.addEventListener('change', () => { axes.x = across.value; draw(); });
  upward.addEventListener('change', () => { axes.y = upward.value; draw(); });
  place.addEventListener('keydown', keys);
  for (const event of ['batch', 'loaded', 'known']) trials.addEventListener(event, grow, { signal: abort.signal });
  draw();

  function mode(text, limiting) {
    return el('button', { type: 'button', 'aria-pressed': String(!limiting), title: limiting ? 'Drag in the plot to set limits on both axes' : 'Drag a rectangle to zoom into it', onclick: event => {
      for (const button of modes.children) button.setAttribute('aria-pressed', String(button === event.currentTarget));
      plot.limiting = limiting;
    } }, text);
  }

  function tool(text, name, act) { return el('button', { type: 'button', 'aria-label': name, title: name, onclick: act }, text); }

  // As often as there are frames, however often it is asked for; while trials are loading, a few times a second.
  function draw() { if (!frame) frame = requestAnimationFrame(() => { frame = 0; drawNow(); }); }

  function grow() {
    const now = performance.now();
    grown ||= now;
    if (columns.count === 0 || (!trials.loaded && now - grown < loading)) return;
    grown = now;
    draw();
  }

  const objectives = () => status()?.objectives ?? [];

  const sign = name => objectives().find(o => o.metric === name)?.direction === 'Maximize' ? -1 : 1;

  // What cannot be compared with the front, since it was trained less, is not drawn.
  function known(name, comparable = columns.comparable()) {
    const shown = (i, value) => comparable && !comparable[i] ? NaN : value;
    if (name === ordinal.name) return { ...ordinal, values: Float64Array.from({ length: columns.count }, (_, i) => columns.outcome.values[i] === EVALUATED ? shown(i, i) : NaN), range: [0, Math.max(1, columns.count - 1)] };
    const m = columns.metrics.get(name), o = objectives().find(x => x.metric === name), values = columns.values(name) ?? new Float64Array(columns.count).fill(NaN);
    return { name, unit: m?.unit ?? o?.unit ?? '1', values: comparable ? values.map((value, i) => shown(i, value)) : values, range: columns.range(name, comparable) ?? [0, 1] };
  }

  function drawNow() {
    const wanted = objectives();
    if (wanted.length === 0 || (columns.count === 0 && !trials.loaded)) return;
    axes ??= wanted.length > 1 ? { x: wanted[1].metric, y: wanted[0].metric } : { x: ordinal.name, y: wanted[0].metric };
    offer();
    const comparable = columns.comparable(), x = known(axes.x, comparable), y = known(axes.y, comparable), n = columns.count, names = wanted.map(o => o.metric), feasible = limits.feasible(columns);
    const values = names.map(name => columns.values(name)), signs = names.map(sign);
    // A limit on an objective only takes members away; one on another metric lets others in.
    const own = limits.all.every(l => names.includes(l.metric));
    if (!own || found !== n) members = front(n, values, signs, own || !feasible ? comparable : comparable ? feasible.map((keeps, i) => keeps & comparable[i]) : feasible);   // it takes as long as the picture
    found = own ? n : -1;
    const ofThese = names.length === 2 && names.includes(axes.x) && names.includes(axes.y) && axes.x !== axes.y;
    scene = {
      x: x.values, y: y.values, ranges: { x: x.range, y: y.range }, count: n, feasible, front: members, steps: ofThese, limits: { x: limits.get(axes.x), y: limits.get(axes.y) }, better: { x: sign(axes.x), y: sign(axes.y) },
      titles: { x: x.label ?? titled(x.name, x.unit), y: y.label ?? titled(y.name, y.unit) },
    };
    plot.show(scene);
    const metrics = [...names, ...[...columns.metrics.keys()].filter(m => !names.includes(m))].filter(m => columns.metrics.has(m));
    nothing.hidden = metrics.length > 0;
    for (const part of [side, heading, table.element, modes, zooms, key]) part.hidden = metrics.length === 0;
    element.classList.toggle('alone', metrics.length === 0);
    rows.of(metrics.map(name => ({ name, unit: columns.metrics.get(name).unit, atLeast: sign(name) < 0, range: columns.range(name, comparable) ?? [0, 1] })));
    tabled(() => table.show(members, metrics.map(name => known(name, comparable)), own ? feasible : null));
    tell(feasible, own, comparable);
    performance.mark('hone-drawn', { detail: n });
  }

  function tell(feasible, own, comparable) {
    say(dots, comparable ? `evaluated on rung ${columns.highest}` : 'evaluated');
    clear.hidden = !limits.any;
    say(heading, members.length > 0 ? `On the front: ${count(members.length)}` : 'On the front');
    let all = 0, kept = 0;
    for (let i = 0; i < columns.count; i++) if (comparable ? comparable[i] : columns.outcome.values[i] === EVALUATED) { all++; kept += feasible ? feasible[i] : 1; }
    const stay = feasible && own ? members.filter(i => feasible[i]).length : members.length;
    say(summary, !limits.any ? 'See what stays feasible. Nothing changes in the study.'
      : `${count(kept)} of ${count(all)} evaluated stay feasible; ${own ? `${count(stay)} of ${count(members.length)} on the front` : `${plural(stay, 'of them is', 'of them are')} on the front of what stays`}.`);
  }

  // While trials are loading the table would be built anew with every batch; it waits for the last one.
  function tabled(show) {
    clearTimeout(timer);
    if (trials.loaded || columns.count === 0) show();
    else timer = setTimeout(show, 600);
  }

  // The choice of axes is worth a place only where there is one.
  function offer() {
    const names = [...new Set([...objectives().map(o => o.metric), ...columns.metrics.keys(), ordinal.name])];
    picks.hidden = names.length <= 3 && objectives().length <= 2;
    if (across.length === names.length) return;
    for (const [select, now] of [[across, axes.x], [upward, axes.y]])
      fill(select, names.map(name => { const k = name === ordinal.name ? ordinal : known(name); return el('option', { value: name, selected: name === now }, k.label ?? titled(k.name, k.unit)); }));
  }

  async function choose(trial) {
    chosen = trial;
    plot.mark(trial);
    table.choose(trial);
    line = await trials.line(trial);
    if (chosen !== trial) return;
    panel.show(line);
    if (matchMedia('(max-width: 1000px)').matches) panelPlace.scrollIntoView({ block: 'nearest' });
  }

  function light(trial) { plot.mark(trial >= 0 ? trial : chosen); }

  async function hover({ trial, left, top, width }) {
    card.dataset.trial = trial;
    place.classList.toggle('over', trial >= 0);
    if (trial < 0) {
      card.hidden = true;
      light(-1);
      return;
    }
    light(trial);
    const names = [...new Set([axes.x, axes.y, ...objectives().map(o => o.metric)])].filter(name => columns.metrics.has(name)), key = el('small', { class: 'key-text' });
    fill(card, el('b', null, `trial ${trial}`, members.includes(trial) && el('small', null, ' on the front')),
      names.map(name => [columns.metrics.get(name), columns.values(name)[trial]]).filter(([, value]) => !Number.isNaN(value)).map(([m, value]) => el('div', null, `${metric(m.name, m.unit)} ${withUnit(value, m.unit)}`)), key);
    card.hidden = false;
    set();
    await new Promise(still => setTimeout(still, passing));
    if (card.dataset.trial !== String(trial)) return;
    const about = await trials.line(trial);
    if (card.dataset.trial !== String(trial)) return;
    say(key, about.key);
    set();

    function set() {
      const at = plot.where(trial) ?? { left, top }, right = at.left > place.clientWidth / 2;
      card.style.left = right ? '' : `${at.left + 16}px`;
      card.style.right = right ? `${place.clientWidth - at.left + 16}px` : '';
      card.style.top = `${Math.max(4, Math.min(at.top - 12, place.clientHeight - card.offsetHeight - 8))}px`;
    }
  }

  function limit({ x, y }) {
    limits.set(axes.x, x, sign(axes.x) < 0);
    limits.set(axes.y, y, sign(axes.y) < 0);
    rows.draw();
    draw();
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], shown = scene ? [...members].sort((a, b) => scene.x[a] - scene.x[b]) : [];
    if (step && shown.length > 0) {
      const at = shown.indexOf(Number(card.dataset.trial ?? -1));
      const next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.min(shown.length - 1, Math.max(0, at + step))];
      hover({ trial: next, left: 0, top: 0 });
    } else if (event.key === 'Enter' && Number(card.dataset.trial) >= 0) choose(Number(card.dataset.trial));
    else if (event.key === 'Escape') hover({ trial: -1 });
    else if (event.key === '+' || event.key === '=') plot.zoom(1.5);
    else if (event.key === '-') plot.zoom(1 / 1.5);
    else if (event.key === '0') plot.reset();
    else return;
    event.preventDefault();
  }

  return { element, status: now => { files.show(now); draw(); }, close: () => { abort.abort(); cancelAnimationFrame(frame); clearTimeout(timer); plot.close(); } };
}
