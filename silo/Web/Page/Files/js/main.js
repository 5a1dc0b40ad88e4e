// Starts the page: who is logged in, which view the address names, the bar above.

import { whenLoggedOut } from './api.js';
import { el, fill, icon } from './dom.js';
import * as line from './line.js';
import { current, load, logOut } from './session.js';
import { isDark, onChange, toggle } from './theme.js';
import { clusterView } from './views/cluster.js';
import { devicesView } from './views/devices.js';
import { loginView } from './views/login.js';
import { studiesView } from './views/studies.js';
import { studyView } from './views/study.js';

const views = [['studies', 'Studies'], ['devices', 'Devices'], ['cluster', 'Cluster']];
const moon = 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8 5.6 5.6 0 1 0 13.2 9.6z', sun = 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1';
const main = document.getElementById('main'), nav = document.getElementById('nav'), end = document.getElementById('bar-end');
const owner = {};
let view = null;

document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();   // the address names the view; it must not become #main
  main.focus();
});
addEventListener('hashchange', () => route());
onChange(() => drawBar());
whenLoggedOut(() => start());
start();

async function start() {
  try {
    await load();
    line.clear(owner);
  } catch (e) {
    line.wait(owner, e.message);
    setTimeout(start, 2000);
    return;
  }
  drawBar();
  if (current()) route(true);
  else open(loginView(start));
}

/** #/studies, #/studies/NAME/front, #/devices, #/cluster; anything else is the list of studies. */
function route(anew = false) {
  if (!current()) return;
  const [room, ...rest] = location.hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(part => { try { return decodeURIComponent(part); } catch { return part; } });
  drawBar(room);
  if (!anew && room === 'studies' && rest.length > 0 && view?.same?.(rest)) {
    view.go(rest);
    return;
  }
  open(room === 'devices' ? devicesView() : room === 'cluster' ? clusterView() : room === 'studies' && rest.length > 0 ? studyView(rest) : studiesView());
}

function open(next) {
  view?.close();
  view = next;
  fill(main, next.element);
  scrollTo(0, 0);
}

function drawBar(room = location.hash.replace(/^#\/?/, '').split('/')[0]) {
  const session = current(), known = views.some(([id]) => id === room) ? room : 'studies', focused = document.activeElement?.dataset?.bar;
  nav.hidden = !session;
  if (nav.children.length === 0) fill(nav, views.map(([id, text]) => el('a', { href: `#/${id}` }, text)));
  views.forEach(([id], k) => { if (id === known) nav.children[k].setAttribute('aria-current', 'page'); else nav.children[k].removeAttribute('aria-current'); });
  fill(end, session && el('span', { class: 'who', title: `Logged in as ${session.name ?? 'this token'} with the role ${session.role}` }, session.role),
    el('button', { type: 'button', class: 'quiet', data: { bar: 'theme' }, 'aria-label': isDark() ? 'Light colours' : 'Dark colours', title: isDark() ? 'Light colours' : 'Dark colours', onclick: toggle }, icon(isDark() ? sun : moon)),
    session && el('button', { type: 'button', class: 'quiet', data: { bar: 'out' }, onclick: leave }, 'Log out'));
  if (focused) end.querySelector(`[data-bar="${focused}"]`)?.focus();
}

async function leave() {
  try {
    await logOut();
  } catch (e) {
    line.error(owner, e.message);
    return;
  }
  start();
}
