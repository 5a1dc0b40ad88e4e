(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const plot = document.getElementById('plot');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const narrow = () => plot.clientWidth < 560;
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

  function draw() {
    const ink = colour('ink'), faint = colour('faint'), rule = colour('rule'), card = colour('card'), line = colour('line');
    const axis = title => ({ title: { text: title, standoff: 12 }, gridcolor: rule, zeroline: false, linecolor: rule, tickfont: { color: faint }, automargin: true });
    const traces = [
      { ...data.trials, name: 'evaluated', mode: 'markers', type: 'scatter', hovertemplate: '%{text}<extra></extra>', marker: { color: colour('dot'), size: 6, opacity: 0.55 } },
      { ...data.steps, name: 'steps', mode: 'lines', type: 'scatter', hoverinfo: 'skip', showlegend: false, line: { color: line, width: 2 } },
      { ...data.front, name: 'front', mode: 'markers', type: 'scatter', hovertemplate: '%{text}<extra></extra>', marker: { color: line, size: 11, line: { color: card, width: 1.5 } } },
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
  // Hovering a member lights its row in the table.
  const row = event => {
    const found = /trial (\d+)/.exec(event.points[0].text || '');
    return found && document.getElementById('m' + found[1]);
  };
  plot.on('plotly_hover', event => row(event)?.classList.add('lit'));
  plot.on('plotly_unhover', event => row(event)?.classList.remove('lit'));
})();
