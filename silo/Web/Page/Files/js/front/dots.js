// 100,000 dots in a few milliseconds: stamped into pixels, not drawn as paths. Where dots lie on each other the stamp grows denser.

const densest = 6;   // dots on one pixel; more look no different

/** A round stamp of a radius in pixels: coverage 0..1 of each pixel around its centre, with soft edges. */
function stamp(radius) {
  const reach = Math.ceil(radius), side = 2 * reach + 1, cover = new Float32Array(side * side);
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++) cover[(y + reach) * side + x + reach] = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(x, y)));
  return { reach, side, cover };
}

/** Paints the dots of trials as pixels. */
export class Dots {
  #surface = document.createElement('canvas');
  #alpha = new Float32Array(0);
  #seen = new Uint8Array(0);

  /**
   * @param {CanvasRenderingContext2D} context Where to, at `box` (pixels of the canvas).
   * @param {{left: number, top: number, width: number, height: number}} box
   * @param {{x: Float64Array, y: Float64Array, count: number}} points
   * @param {{x: [number, number], y: [number, number]}} range Values at the box's left and right, bottom and top edge.
   * @param {{rgb: number[], alpha: number, radius: number, mask: Uint8Array|null, wanted: number}} look Only points whose mask is `wanted`.
   */
  paint(context, box, { x, y, count }, range, { rgb, alpha, radius, mask, wanted }) {
    const width = Math.round(box.width), height = Math.round(box.height);
    if (width < 1 || height < 1 || count === 0) return;
    if (this.#surface.width !== width || this.#surface.height !== height) {
      this.#surface.width = width;
      this.#surface.height = height;
      this.#alpha = new Float32Array(width * height);
      this.#seen = new Uint8Array(width * height);
    }
    const { reach, side, cover } = stamp(radius), sheet = this.#alpha.fill(0), seen = this.#seen.fill(0);
    const [x0, x1] = range.x, [y0, y1] = range.y, perX = width / (x1 - x0), perY = height / (y1 - y0);
    for (let i = 0; i < count; i++) {
      if (mask && mask[i] !== wanted) continue;
      const px = Math.floor((x[i] - x0) * perX), py = Math.floor((y1 - y[i]) * perY);
      if (!(px >= -reach && py >= -reach && px < width + reach && py < height + reach)) continue;   // NaN too
      if (px >= 0 && py >= 0 && px < width && py < height && ++seen[py * width + px] > densest) {
        seen[py * width + px] = densest;
        continue;
      }
      const left = Math.max(0, px - reach), right = Math.min(width - 1, px + reach), top = Math.max(0, py - reach), bottom = Math.min(height - 1, py + reach);
      for (let row = top; row <= bottom; row++) {
        let from = (row - py + reach) * side + left - px + reach;
        for (let at = row * width + left, end = row * width + right; at <= end; at++, from++) sheet[at] += (1 - sheet[at]) * cover[from] * alpha;
      }
    }
    const surface = this.#surface.getContext('2d'), image = surface.createImageData(width, height), pixels = new Uint32Array(image.data.buffer);
    const colour = rgb[0] | rgb[1] << 8 | rgb[2] << 16;   // little-endian: alpha is the highest byte
    for (let at = 0; at < pixels.length; at++) if (sheet[at] > 0) pixels[at] = colour | Math.min(235, 255 * sheet[at]) << 24;
    surface.putImageData(image, 0, 0);
    context.drawImage(this.#surface, Math.round(box.left), Math.round(box.top));
  }
}

/** The point nearest to a place; -1 where none is within `reach`. All in pixels of the box. */
export function nearest({ x, y, count }, range, width, height, left, top, reach) {
  const [x0, x1] = range.x, [y0, y1] = range.y, perX = width / (x1 - x0), perY = height / (y1 - y0);
  let best = -1, least = reach * reach;
  for (let i = 0; i < count; i++) {
    const dx = (x[i] - x0) * perX - left, dy = (y1 - y[i]) * perY - top, d = dx * dx + dy * dy;
    if (d <= least) [best, least] = [i, d];
  }
  return best;
}
