// How the trainings of a study go: a chart for each figure of each stage.

import { el, fill } from '../dom.js';
import { get, ofStudy } from '../api.js';
import { count, short } from '../format.js';
import { isOver } from '../phases.js';
import { poll } from '../poll.js';
import { LineChart } from '../linechart.js';

/** @param {{study: string, status: () => object}} context */
export function trainingView({ study, status }) {
  const element = el('div', { class: 'training' }), charts = new Map();
  const end = poll(async () => draw(await get(ofStudy(study, '/training'))), () => status() && isOver(status()) ? 15000 : 3000);

  function draw(points) {
    const stages = new Map();
    for (const point of points) {
      const stage = stages.get(point.stage) ?? { steps: 0, figures: new Map() };
      stages.set(point.stage, stage);
      stage.steps = Math.max(stage.steps, point.steps ?? 0);
      for (const { name, value, unit } of figures(point.values)) {
        const figure = stage.figures.get(name) ?? { name, unit, x: [], y: [] };
        stage.figures.set(name, figure);
        figure.x.push(point.step);
        figure.y.push(value);
      }
    }
    if (![...stages.values()].some(s => s.figures.size > 0)) {
      for (const chart of charts.values()) chart.close();
      charts.clear();
      fill(element, el('p', { class: 'empty' }, 'No training has told anything yet. Studies that train nothing never do.'));
      return;
    }
    if (charts.size === 0) fill(element);
    for (const [name, stage] of stages) for (const figure of stage.figures.values()) put(name, stage, figure);
  }

  function put(stage, { steps }, figure) {
    const id = JSON.stringify([stage, figure.name]), last = figure.y.at(-1);
    if (!charts.has(id)) {
      let group = element.querySelector(`[data-stage="${CSS.escape(stage)}"]`);
      if (!group) element.append(group = el('section', { data: { stage } }, el('h2', null, stage), el('div', { class: 'charts' })));
      const chart = new LineChart(figure.name, figure.unit);
      group.querySelector('.charts').append(chart.element);
      charts.set(id, chart);
    }
    charts.get(id).show(figure.x, figure.y, steps, `${short(last)} at step ${count(figure.x.at(-1))}${steps > 0 ? ` of ${count(steps)}` : ''}`);
  }

  return { element, close: () => { end(); for (const chart of charts.values()) chart.close(); } };
}

// {"loss": 1.2} and [{"name": "loss", "value": 1.2, "unit": "1"}] say the same.
function figures(values) {
  return Array.isArray(values) ? values : Object.entries(values ?? {}).map(([name, value]) => ({ name, value, unit: '1' }));
}
