// Who is logged in. The token goes to the silo once and comes back as a cookie that scripts cannot read; it is kept nowhere else.

import { get, post, remove } from './api.js';

const ranks = { viewer: 1, operator: 2, admin: 3 };
let session = null;

/** The session of the moment, or null when a token is needed. */
export async function load() {
  try {
    session = await get('/session');
  } catch (e) {
    if (e.status !== 401 && e.status !== 403) throw e;
    session = null;
  }
  return session;
}

export async function logIn(token) {
  await post('/session', { token });
  return load();
}

export async function logOut() {
  await remove('/session');
  session = null;
}

export const current = () => session;

/** Whether the role of the session is at least this one. */
export const may = role => (ranks[session?.role] ?? 0) >= ranks[role];
