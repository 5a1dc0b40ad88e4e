// The log-in: one field for a token.

import { el, fill, command } from '../dom.js';
import { logIn } from '../session.js';

/** @param {() => void} done */
export function loginView(done) {
  const field = el('input', { id: 'token', type: 'password', autocomplete: 'current-password', required: true, spellcheck: 'false', 'aria-describedby': 'token-error' });
  const wrong = el('p', { class: 'reason bad', id: 'token-error', role: 'alert', hidden: true }), button = el('button', { type: 'submit', class: 'main' }, 'Log in');
  const form = el('form', { class: 'login', onsubmit: send }, el('h1', null, 'Log in'),
    el('p', { class: 'note' }, 'This silo asks for a token. It is kept by the browser as a cookie that scripts cannot read, and goes nowhere else.'),
    el('label', { for: 'token' }, 'Token'), field, wrong, button,
    el('details', { class: 'more' }, el('summary', null, 'Where to get one'),
      el('p', { class: 'note' }, 'On the machine of the silo, this prints the token of its run:'), command('hone token show'),
      el('p', { class: 'note' }, 'For a cluster, an administrator makes one:'), command('hone token create --role viewer')));

  async function send(event) {
    event.preventDefault();
    if (!field.value.trim()) return;
    button.disabled = true;
    wrong.hidden = true;
    try {
      if (await logIn(field.value.trim())) {
        field.value = '';
        done();
      } else tell('The silo took the token, but the browser kept no cookie of it; allow cookies for this address.');
    } catch (e) {
      tell(e.status === 401 || e.status === 403 ? 'This token is not known, has expired or was revoked.' : e.message);
    } finally {
      button.disabled = false;
    }
  }

  function tell(text) {
    wrong.hidden = false;
    fill(wrong, text);
    field.select();
  }

  queueMicrotask(() => field.focus());
  document.title = 'Log in · Hone';
  return { element: form, close() { } };
}
