// All trials of a study as a table: filtered, sorted, and one of them told about at a time.

import { el, fill, say } from '../dom.js';
import { count, metric, plural, spanFormat } from '../format.js';
import { front } from '../front/archive.js';
import { TrialPanel } from '../front/panel.js';
import { EVALUATED, NO_RUNG, outcomes } from '../trials/outcomes.js';
import { VirtualTable } from '../trials/table.js';

const most = 6, typing = 120, coming = 400, patience = 500;   // the last three in ms
const filters = [['all', 'all outcomes'], ['front', 'on the front'], ...outcomes.map(o => [o, o])];

/** @param {{study: string, trials: import('../trials/trials.js').Trials, status: () => object}} context */
export function trialsView({ study, trials, status }) {
  const abort = new AbortController(), columns = trials.columns;
  let sort = { by: 'ordinal', descending: false }, turn = 0, timer = 0, drawn = '';

  const select = el('select', { 'aria-label': 'Outcome' }, filters.map(([value, text]) => el('option', { value }, text)));
  const search = el('input', { type: 'search', placeholder: 'Key, reason or number', 'aria-label': 'Filter by key, reason or number', autocomplete: 'off', spellcheck: 'false' });
  const said = el('p', { class: 'note', role: 'status' }), panelPlace = el('section', { class: 'side-card', 'aria-label': 'The chosen trial', 'aria-live': 'polite' });
  const table = new VirtualTable('Trials', indices => trials.rows(indices)), panel = new TrialPanel(panelPlace, study);
  const nothing = el('p', { class: 'over-table', hidden: true });
  const side = el('aside', { class: 'side', hidden: true }, panelPlace);
  const element = el('div', { class: 'front alone' },
    el('div', { class: 'front-main' }, el('div', { class: 'tools' }, select, search, said), el('div', { class: 'vframe' }, table.element, nothing)),
    side);

  select.addEventListener('change', () => order(true));
  search.addEventListener('focus', () => trials.texts());
  search.addEventListener('input', () => later(typing, true));
  table.addEventListener('sort', event => {
    const by = event.detail;
    sort = { by, descending: sort.by === by ? !sort.descending : better(by) };
    order(true);
  });
  table.addEventListener('open', async event => {
    const trial = event.detail;
    side.hidden = false;
    element.classList.remove('alone');
    panel.show(await trials.line(trial));
    if (matchMedia('(max-width: 1000px)').matches) panelPlace.scrollIntoView({ block: 'nearest' });
  });
  trials.addEventListener('batch', () => { if (!timer) later(columns.count > 0 && drawn ? coming : 0, false); }, { signal: abort.signal });
  for (const event of ['loaded', 'known']) trials.addEventListener(event, () => order(false), { signal: abort.signal });
  order(true);

  // The first click on an objective that grows puts its largest values on top.
  function better(by) { return (status()?.objectives ?? []).some(o => o.metric === by && o.direction === 'Maximize'); }

  function later(wait, top) {
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; order(top); }, wait);
  }

  async function order(top) {
    const mine = ++turn, waiting = setTimeout(() => { if (mine === turn) say(said, 'Reading all trials …'); }, patience);
    head();
    table.sorted(sort.by, sort.descending);
    const rows = await trials.order({ outcome: outcomes.includes(select.value) ? outcomes.indexOf(select.value) : null, among: select.value === 'front' ? members() : null, text: search.value },
      sort.by === 'ordinal' && !sort.descending ? null : sort);
    clearTimeout(waiting);
    if (mine !== turn) return;
    table.show(rows, top);
    performance.mark('hone-ordered', { detail: rows.length });
    say(said, rows.length === columns.count ? `${plural(rows.length, 'trial')}; a click or Enter on one tells about it` : `${count(rows.length)} of ${plural(columns.count, 'trial')}`);
    nothing.hidden = rows.length > 0;
    say(nothing, columns.count === 0 ? (trials.loaded ? 'No trial is committed yet.' : 'Loading …') : 'No trial is like that.');
  }

  function members() {
    const objectives = status()?.objectives ?? [];
    return Uint32Array.from(front(columns.count, objectives.map(o => columns.values(o.metric)), objectives.map(o => o.direction === 'Maximize' ? -1 : 1), columns.comparable())).sort();
  }

  // Objectives first, then other metrics, as many as there is room for.
  function head() {
    const objectives = (status()?.objectives ?? []).map(o => o.metric), names = [...objectives.filter(m => columns.metrics.has(m)), ...[...columns.metrics.keys()].filter(m => !objectives.includes(m))].slice(0, most);
    const rungs = columns.highest >= 0, told = `${rungs ? 'rung,' : ''}${names}`;
    if (drawn === told) return;
    drawn = told;
    table.columns = [
      { id: 'ordinal', title: 'trial', kind: 'n first', width: '84px', text: i => String(i) },
      { id: 'outcome', title: 'outcome', kind: 'outcome', width: '104px', text: i => outcomes[columns.outcome.values[i]], tone: i => outcomes[columns.outcome.values[i]] },
      ...rungs ? [{ id: 'rung', title: 'rung', kind: 'n', width: '64px', text: i => { const rung = columns.rung.of(columns.count)[i]; return rung === NO_RUNG ? '' : String(rung); } }] : [],
      ...names.map((name, k) => {
        const { unit, span } = columns.metrics.get(name), tell = spanFormat(span);
        return { id: name, title: metric(name, unit), unit: unit === '1' ? '' : unit, kind: `n metric ${k < 2 ? '' : 'minor'}`, width: 'minmax(72px, 104px)', text: i => columns.outcome.values[i] === EVALUATED ? tell(columns.values(name)[i]) : '' };
      }),
      { id: 'key', title: 'key, or why not', kind: 'text', fixed: true, width: 'minmax(160px, 1fr)', text: (i, texts) => texts ? (texts.note ? `${texts.note} · ${texts.key}` : texts.key) : '' },
    ];
  }

  return { element, status: () => { if (!drawn) order(false); }, close: () => { abort.abort(); clearTimeout(timer); table.close(); } };
}
