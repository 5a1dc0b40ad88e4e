(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const plot = document.getElementById('plot');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const narrow = () => plot.clientWidth < 560;
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

  // Names in the data are HTML already; all else here are numbers.
  const inWords = i => {
    const t = data.trials, genes = t.genes.map(g => [g.name, g.values[g.at[i]]]).filter(g => g[1] !== '').map(g => g.join(' = '));
    const rows = [];
    while (genes.length) rows.push(genes.splice(0, 3).join(', '));
    return [`<b>trial ${t.n[i]}</b>` + (t.count[i] > 1 ? ` and ${t.count[i] - 1} near it` : ''), `${data.yTitle} ${t.y[i]}`, `${data.xTitle} ${t.x[i]}`, ...rows].join('<br>');
  };
  const trials = { x: data.trials.x, y: data.trials.y, text: data.trials.n.map((_, i) => inWords(i)) };
  const front = { x: data.front.x, y: data.front.y, text: data.front.text, customdata: data.front.n };
  const opacity = data.trials.count.map(count => Math.min(0.9, 0.6 + 0.06 * Math.log2(count)));

  function draw() {
    const ink = colour('ink'), faint = colour('faint'), rule = colour('rule'), card = colour('card'), line = colour('line');
    const axis = title => ({ title: { text: title, standoff: 12 }, gridcolor: rule, zeroline: false, linecolor: rule, tickfont: { color: faint }, automargin: true });
    const traces = [
      { ...trials, name: 'evaluated', mode: 'markers', type: 'scatter', hovertemplate: '%{text}<extra></extra>', marker: { color: colour('dot'), size: 6, opacity } },
      { ...data.steps, name: 'steps', mode: 'lines', type: 'scatter', hoverinfo: 'skip', showlegend: false, line: { color: line, width: 2 } },
      { ...front, name: 'front', mode: 'markers', type: 'scatter', hovertemplate: '%{text}<extra></extra>', marker: { color: line, size: 11, line: { color: card, width: 1.5 } } },
    ];
    const layout = {
      width: plot.clientWidth, height: plot.clientHeight,
      paper_bgcolor: card, plot_bgcolor: card, font: { color: ink, size: 13, family: getComputedStyle(document.body).fontFamily },
      margin: narrow() ? { l: 56, r: 12, t: 40, b: 52 } : { l: 70, r: 24, t: 44, b: 58 },
      xaxis: axis(data.xTitle), yaxis: axis(data.yTitle), hovermode: 'closest', dragmode: narrow() ? false : 'zoom',
      legend: { orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom' },
      hoverlabel: { bgcolor: card, bordercolor: rule, font: { color: ink, size: 12.5 }, align: 'left' },
    };
    Plotly.react(plot, traces, layout, { displaylogo: false, displayModeBar: !narrow(), modeBarButtonsToRemove: ['select2d', 'lasso2d'] });
  }

  draw();
  new ResizeObserver(() => { if (plot.clientWidth !== plot.layout.width) draw(); }).observe(plot);
  dark.addEventListener('change', draw);

  // A member's point, row or button opens its panel; the button tells whether it is open. With scripts closed panels are out of the way.
  document.documentElement.classList.add('scripted');
  const panel = ordinal => document.getElementById('c' + ordinal);
  const toggle = (ordinal, open) => {
    const found = panel(ordinal);
    if (!found) return;
    found.open = open ?? !found.open;
    if (found.open) found.scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  };
  for (const row of document.querySelectorAll('tr.open')) {
    const ordinal = row.id.slice(1);
    row.addEventListener('click', event => { if (!event.target.closest('a') && getSelection().isCollapsed) toggle(ordinal); });
    const button = row.querySelector('button');
    panel(ordinal)?.addEventListener('toggle', event => {
      button.setAttribute('aria-expanded', event.target.open);
      row.classList.toggle('shown', event.target.open);
      if (!event.target.open && event.target.contains(document.activeElement)) button.focus();
    });
  }
  plot.on('plotly_click', event => { if (event.points[0].customdata !== undefined) toggle(event.points[0].customdata, true); });
  // Hovering a member lights its row in the table.
  const row = event => document.getElementById('m' + event.points[0].customdata);
  plot.on('plotly_hover', event => row(event)?.classList.add('lit'));
  plot.on('plotly_unhover', event => row(event)?.classList.remove('lit'));
})();
