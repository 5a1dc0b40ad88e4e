// The silo's HTTP API: JSON in, JSON out, and an error that says in one line what was wrong.

const root = '/api/v1';

/** What the API refused, in its own words. */
export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Of a study, with its name made safe for a path. */
export const ofStudy = (name, rest = '') => `/studies/${encodeURIComponent(name)}${rest}`;

export const url = path => root + path;

export const get = (path, signal) => ask('GET', path, undefined, signal);

export const post = (path, body) => ask('POST', path, body);

export const remove = path => ask('DELETE', path);

let onLost = () => { };

/** Called when a request says that nobody is logged in any more. */
export function whenLoggedOut(listener) { onLost = listener; }

async function ask(method, path, body, signal) {
  let response;
  try {
    response = await fetch(root + path, {
      method, signal, credentials: 'same-origin', headers: body === undefined ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ApiError(0, 'the silo does not answer; it may be restarting');
  }
  if (!response.ok) {
    const error = new ApiError(response.status, await detail(response));
    if (response.status === 401 && path !== '/session') onLost();
    throw error;
  }
  return response.status === 204 ? null : (response.headers.get('content-type') ?? '').includes('json') ? response.json() : response.text();
}

// problem+json where the API wrote it; a proxy between may have written anything.
async function detail(response) {
  try {
    const problem = await response.json();
    if (typeof problem.detail === 'string') return problem.detail;
    if (typeof problem.title === 'string') return problem.title;
  } catch { /* not JSON */ }
  return `the silo answered ${response.status}`;
}
