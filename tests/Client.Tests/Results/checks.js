// Runs at the end of a report's copy: clicks, opens everything, then looks at every text, and tells the page around it what it found, as JSON.
(async () => {
  const found = { errors: seen, cut: [], overlaps: [], faint: [], sideways: [], texts: 0 };
  const later = ms => new Promise(done => setTimeout(done, ms));
  const plot = document.getElementById('plot');

  const rows = [...document.querySelectorAll('tr.open')];
  if (rows.length) {
    const button = rows[0].querySelector('button'), at = i => document.getElementById(rows[i].querySelector('button').getAttribute('aria-controls'));
    found.button = [button.getAttribute('aria-expanded')];
    for (let i = 0; i < 2; i++) { button.click(); await later(50); found.button.push(button.getAttribute('aria-expanded')); }
    const last = rows.length - 1;
    rows[last].querySelectorAll('td')[1].click();
    found.row = String(at(last).open);
    at(0).open = false;
    plot.emit('plotly_click', { points: [{ customdata: Number(rows[0].id.slice(1)) }] });
    found.point = String(at(0).open);
  }
  found.dots = plot.data ? plot.data[0].x.length : -1;
  found.images = document.images.length;
  for (const panel of document.querySelectorAll('details')) panel.open = true;
  await later(300);

  found.width = innerWidth;
  if (document.documentElement.scrollWidth > innerWidth) found.sideways.push(document.documentElement.scrollWidth);

  // WCAG contrast of every text to the first opaque background below it.
  const channels = c => (c.match(/[\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => { for (; e; e = e.parentElement) { const c = channels(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
  const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };

  // The boxes of all texts; what scrolls within its frame counts with its frame.
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const text = node.data.trim(), e = node.parentElement;
    if (!text || e.closest('script, style, noscript, title, .hoverlayer, .modebar')) continue;
    const style = getComputedStyle(e), range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter(r => r.width > 0 && r.height > 0);
    if (!lines.length || style.visibility === 'hidden') continue;
    found.texts++;
    const colour = channels(e instanceof SVGElement ? style.fill : style.color), r = ratio(colour, behind(e));
    if (r < 4.5) found.faint.push(`${text.slice(0, 40)} ${r.toFixed(2)}`);
    for (let up = e; up && up !== document.body; up = up.parentElement) {
      const s = getComputedStyle(up), scrolls = /auto|scroll/.test(s.overflowX + s.overflowY), clips = s.overflowX === 'hidden' || s.overflowY === 'hidden';
      if (scrolls) break;
      const box = up.getBoundingClientRect();
      if (clips && box.width && lines.some(l => l.left < box.left - 1 || l.right > box.right + 1 || l.top < box.top - 1 || l.bottom > box.bottom + 1)) { found.cut.push(text.slice(0, 40)); break; }
    }
    if (!e.closest('.scroll')) for (const l of lines) {
      if (l.left < -1 || l.right > innerWidth + 1) found.cut.push(`${text.slice(0, 40)} leaves the page`);
      boxes.push({ text, node, l });
    }
    else {
      const cell = e.closest('td, th')?.getBoundingClientRect();
      if (cell && lines.some(l => l.left < cell.left - 1 || l.right > cell.right + 1)) found.cut.push(`${text.slice(0, 40)} leaves its cell`);
    }
  }
  // Two texts overlap where their boxes share more than a sliver.
  boxes.sort((a, b) => a.l.top - b.l.top);
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length && boxes[j].l.top < boxes[i].l.bottom; j++) {
      const a = boxes[i].l, b = boxes[j].l;
      if (boxes[i].node === boxes[j].node) continue;
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3.5)
        found.overlaps.push(`${boxes[i].text.slice(0, 30)} / ${boxes[j].text.slice(0, 30)}`);
    }

  for (const list of ['cut', 'overlaps', 'faint']) found[list] = found[list].slice(0, 20);
  parent.postMessage(JSON.stringify(found).replace(/</g, '\\u003c'), '*');
})();
