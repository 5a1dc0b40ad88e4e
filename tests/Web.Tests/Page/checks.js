// Looks at every visible text of the page: is it cut, does it overlap another, does it stand out from what is behind it, does anything leave the page sideways?
() => {
  const found = { cut: [], overlaps: [], faint: [], sideways: [], texts: 0 };
  if (document.documentElement.scrollWidth > innerWidth) found.sideways.push(`${document.documentElement.scrollWidth} > ${innerWidth}`);

  // WCAG contrast of a text to what is behind it; see-through layers are laid over each other.
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const channels = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] / 255 + below[i] * (1 - top[3] / 255));
  const luminance = c => [...c].slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    const layers = [];
    for (; e; e = e.parentElement) { const c = channels(getComputedStyle(e).backgroundColor); if (c[3] > 0) layers.push(c); if (c[3] === 255) break; }
    return layers.reverse().reduce((below, layer) => over(layer, below), channels('canvas'));
  };
  const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const opacity = e => { let all = 1; for (; e; e = e.parentElement) all *= Number(getComputedStyle(e).opacity); return all; };

  const boxes = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const text = node.data.trim(), e = node.parentElement;
    if (!text || e.closest('script, style, noscript, option, .skip') || !e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let lines = [...range.getClientRects()].filter(r => r.width > 0 && r.height > 0);
    // What is scrolled out of its frame is not looked at; what a frame cuts without a way to scroll there, or without "…", is cut.
    for (let up = e; up && up !== document.body; up = up.parentElement) {
      const s = getComputedStyle(up), box = up.getBoundingClientRect(), scrolls = /auto|scroll/.test(s.overflowX + s.overflowY), clips = /hidden|clip/.test(s.overflowX + s.overflowY);
      if (!scrolls && !clips) continue;
      const inside = l => l.left >= box.left - 1 && l.right <= box.right + 1 && l.top >= box.top - 1.5 && l.bottom <= box.bottom + 1.5;
      if (scrolls) lines = lines.filter(l => inside(l));
      else if (s.textOverflow === 'ellipsis' || s.webkitLineClamp !== 'none') lines = lines.filter(l => l.top < box.bottom - 1).map(l => new DOMRect(l.left, l.top, Math.min(l.right, box.right) - l.left, l.height)).filter(l => l.width > 0);
      else if (lines.some(l => !inside(l))) { found.cut.push(text.slice(0, 60)); lines = []; }
      if (lines.length === 0) break;
    }
    if (lines.length === 0) continue;
    found.texts++;
    const below = behind(e), colour = channels(getComputedStyle(e).color), disabled = e.closest(':disabled');
    const r = ratio(over([colour[0], colour[1], colour[2], colour[3] * opacity(e)], below), below);
    if (r < 4.5 && !disabled) found.faint.push(`${text.slice(0, 60)} ${r.toFixed(2)}`);
    for (const l of lines) {
      if (l.left < -1 || l.right > innerWidth + 1) found.cut.push(`${text.slice(0, 60)} leaves the page`);
      boxes.push({ text, e, l });
    }
  }
  // Two texts overlap where their boxes share more than a sliver; what floats above the page (the hover card, a sticky head) may cover what is below it.
  const floats = e => e.closest('.hover, .bar, dialog, .tall th, .side');
  boxes.sort((a, b) => a.l.top - b.l.top);
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length && boxes[j].l.top < boxes[i].l.bottom; j++) {
      const a = boxes[i], b = boxes[j];
      if (a.e === b.e || floats(a.e) !== floats(b.e)) continue;
      if (Math.min(a.l.right, b.l.right) - Math.max(a.l.left, b.l.left) > 2 && Math.min(a.l.bottom, b.l.bottom) - Math.max(a.l.top, b.l.top) > 3.5) found.overlaps.push(`${a.text.slice(0, 40)} / ${b.text.slice(0, 40)}`);
    }
  for (const list of ['cut', 'overlaps', 'faint']) found[list] = found[list].slice(0, 20);
  return found;
}
