// 100,000 dots in about ten milliseconds: stamped into pixels, not drawn as paths. Where dots lie on each other the stamp grows denser.

const densest = 235, fine = 160;   // alpha at most; steps of optical depth per unit

// Alpha of an optical depth in steps: layers that each let a part of the light through add up in this measure.
const alphaOf = Uint8Array.from({ length: 6 * fine }, (_, depth) => Math.min(densest, 255 * (1 - Math.exp(-depth / fine))));

/** Paints the dots of trials as pixels. */
export class Dots {
  #surface = document.createElement('canvas');
  #image = null;
  #placed;   // (height, width): depth of the dots whose middle is this pixel
  #sheet;    // (height + 2 reach, width + 2 reach): depth of each pixel, with a margin that dots at the edge may reach into
  #reach = 0;

  /**
   * @param {CanvasRenderingContext2D} context Where to, at `box` (pixels of the canvas).
   * @param {{left: number, top: number, width: number, height: number}} box
   * @param {{x: Float64Array, y: Float64Array, count: number}} points
   * @param {{x: [number, number], y: [number, number]}} range Values at the box's left and right, bottom and top edge.
   * @param {{rgb: number[], alpha: number, faded: number, radius: number, feasible: Uint8Array|null}} look `faded`: the alpha of what is not feasible.
   */
  paint(context, box, points, range, { rgb, alpha, faded, radius, feasible }) {
    const width = Math.round(box.width), height = Math.round(box.height), reach = Math.ceil(radius);
    if (width < 1 || height < 1 || points.count === 0) return;
    if (this.#image?.width !== width || this.#image.height !== height || this.#reach !== reach) this.#size(width, height, reach);
    this.#place(points, range, depth(alpha), depth(faded), feasible);
    this.#spread(radius);
    const pixels = new Uint32Array(this.#image.data.buffer), sheet = this.#sheet, wide = width + 2 * reach, last = alphaOf.length - 1;
    const pixelOf = Uint32Array.from(alphaOf, alpha => alpha && (rgb[0] | rgb[1] << 8 | rgb[2] << 16 | alpha << 24));   // little-endian: alpha is the highest byte
    for (let row = 0, pixel = 0; row < height; row++)
      for (let at = (row + reach) * wide + reach, end = at + width; at < end; at++, pixel++) pixels[pixel] = pixelOf[Math.min(last, sheet[at] | 0)];
    this.#surface.getContext('2d').putImageData(this.#image, 0, 0);
    context.drawImage(this.#surface, Math.round(box.left), Math.round(box.top));
  }

  #size(width, height, reach) {
    this.#surface.width = width;
    this.#surface.height = height;
    this.#image = new ImageData(width, height);
    this.#placed = new Float32Array(width * height);
    this.#sheet = new Float32Array((width + 2 * reach) * (height + 2 * reach));
    this.#reach = reach;
  }

  #place({ x, y, count }, range, full, faded, feasible) {
    const { width, height } = this.#image, placed = this.#placed.fill(0), [x0, x1] = range.x, [y0, y1] = range.y, perX = width / (x1 - x0), perY = height / (y1 - y0);
    for (let i = 0; i < count; i++) {
      const left = (x[i] - x0) * perX, top = (y1 - y[i]) * perY;
      if (left >= 0 && top >= 0 && left < width && top < height) placed[(top | 0) * width + (left | 0)] += feasible && !feasible[i] ? faded : full;   // NaN is nowhere
    }
  }

  // Pixel by pixel in order, not dot by dot: neighbours in memory are then touched one after the other.
  #spread(radius) {
    const { width, height } = this.#image, reach = this.#reach, wide = width + 2 * reach, placed = this.#placed, sheet = this.#sheet.fill(0), offsets = [], covers = [];
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) {
        const cover = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(dx, dy)));   // a round stamp with soft edges
        if (cover === 0) continue;
        offsets.push((dy + reach) * wide + dx + reach);
        covers.push(cover);
      }
    for (let row = 0, pixel = 0; row < height; row++)
      for (let at = row * wide, end = at + width; at < end; at++, pixel++) {
        const of = placed[pixel];
        if (of > 0) for (let k = 0; k < offsets.length; k++) sheet[at + offsets[k]] += of * covers[k];
      }
  }
}

const depth = alpha => -Math.log(1 - alpha) * fine;

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
