// The status line under the bar: what went wrong, and whether the page goes on by itself. Each part of the page that has something to say owns one message.

import { el, fill } from './dom.js';

const messages = new Map();
const place = document.getElementById('line');

/** The page tries again by itself. */
export const wait = (owner, text) => put(owner, 'wait', `Reconnecting: ${text}`);

export const error = (owner, text) => put(owner, 'error', text);

export function clear(owner) {
  if (messages.delete(owner)) draw();
}

function put(owner, kind, text) {
  const known = messages.get(owner);
  if (known?.text === text) return;
  messages.set(owner, { kind, text });
  draw();
}

function draw() {
  const texts = new Map([...messages].map(([owner, message]) => [message.text, { owner, ...message }]));
  fill(place, [...texts.values()].map(({ owner, kind, text }) => el('div', { class: kind },
    el('span', null, text), kind === 'error' && el('button', { type: 'button', class: 'small', onclick: () => clear(owner) }, 'Dismiss'))));
}
