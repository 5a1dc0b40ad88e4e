// What is drawn between the axes of a front: dots, the shade of limits, the line and the members. All places are pixels of uPlot's canvas.

import { colour, rgb } from '../theme.js';

const crowd = 8000, manyMembers = 120;

/**
 * @param {object} u The uPlot. @param {object} scene As `FrontPlot.show` takes it. @param {{x: [number, number], y: [number, number]}} range What the axes show.
 * @param {import('./dots.js').Dots} dots
 */
export function paint(u, scene, range, dots) {
  const { ctx, bbox: box } = u, ratio = uPlot.pxRatio, dense = Math.min(1, Math.sqrt(crowd / scene.count));   // of many, each is fainter, so that the crowd still shows where it is thickest
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.width, box.height);
  ctx.clip();
  dots.paint(ctx, box, scene, range, { rgb: rgb('dot'), alpha: 0.5 * dense, faded: 0.14 * dense, radius: 1.9 * ratio, feasible: scene.feasible });
  paintLimits(u, ctx, box, ratio, scene);
  const at = scene.front.map(i => ({ i, left: u.valToPos(scene.x[i], 'x', true), top: u.valToPos(scene.y[i], 'y', true) })).sort((a, b) => a.left - b.left || a.top - b.top);
  if (scene.steps && at.length > 1) paintSteps(ctx, at, ratio, scene);
  paintMembers(ctx, at, ratio, scene.feasible);
  ctx.restore();
}

// From one member to the next the corner lies on the worse side: what is not dominated there is not reached.
function paintSteps(ctx, at, ratio, { better, feasible }) {
  ctx.beginPath();
  ctx.moveTo(at[0].left, at[0].top);
  for (let k = 1; k < at.length; k++) {
    if (better.x > 0) ctx.lineTo(at[k].left, at[k - 1].top); else ctx.lineTo(at[k - 1].left, at[k].top);
    ctx.lineTo(at[k].left, at[k].top);
  }
  ctx.strokeStyle = colour('line', feasible ? 0.55 : 0.9);
  ctx.lineWidth = 1.5 * ratio;
  ctx.lineJoin = 'round';
  ctx.stroke();
}

// Few members stand out from the dots by an edge; of many there is no room for it.
function paintMembers(ctx, at, ratio, feasible) {
  const many = at.length > manyMembers, radius = (many ? 2.5 : 4.5) * ratio, circles = (name, some, r) => {
    ctx.beginPath();
    for (const { left, top } of some) {
      ctx.moveTo(left + r, top);
      ctx.arc(left, top, r, 0, 2 * Math.PI);
    }
    ctx.fillStyle = colour(name);
    ctx.fill();
  };
  if (!many) circles('card', at, radius + 1.3 * ratio);
  if (feasible) circles('dot', at.filter(({ i }) => !feasible[i]), radius);
  circles('line', feasible ? at.filter(({ i }) => feasible[i]) : at, radius);
}

// What breaks a limit lies in the shade.
function paintLimits(u, ctx, box, ratio, { limits, better }) {
  const right = box.left + box.width, bottom = box.top + box.height;
  ctx.fillStyle = colour('limit', 0.1);
  ctx.strokeStyle = colour('limit');
  ctx.lineWidth = 1.5 * ratio;
  ctx.setLineDash([5 * ratio, 4 * ratio]);
  ctx.beginPath();
  if (limits.x !== null) {
    const at = Math.min(right, Math.max(box.left, u.valToPos(limits.x, 'x', true)));
    ctx.fillRect(better.x > 0 ? at : box.left, box.top, better.x > 0 ? right - at : at - box.left, box.height);
    ctx.moveTo(at, box.top);
    ctx.lineTo(at, bottom);
  }
  if (limits.y !== null) {
    const at = Math.min(bottom, Math.max(box.top, u.valToPos(limits.y, 'y', true)));
    ctx.fillRect(box.left, better.y > 0 ? box.top : at, box.width, better.y > 0 ? at - box.top : bottom - at);
    ctx.moveTo(box.left, at);
    ctx.lineTo(right, at);
  }
  ctx.stroke();
  ctx.setLineDash([]);
}
