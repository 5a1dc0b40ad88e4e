// A question before what cannot be taken back at once.

import { el, fill } from './dom.js';

const dialog = document.getElementById('ask');

/** @returns {Promise<boolean>} True only when the button that names the act was pressed. */
export function ask(title, text, act) {
  return new Promise(answer => {
    const end = yes => {
      dialog.close();
      answer(yes);
    };
    dialog.oncancel = event => {
      event.preventDefault();
      end(false);
    };
    fill(dialog, el('h2', { id: 'ask-title' }, title), el('p', null, text),
      el('div', { class: 'actions' }, el('button', { type: 'button', autofocus: true, onclick: () => end(false) }, 'Cancel'), el('button', { type: 'button', class: 'careful', onclick: () => end(true) }, act)));
    dialog.showModal();
  });
}
