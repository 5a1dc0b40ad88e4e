// Requests of the worker: an answer that is not good is an error with its status.

export async function fetched(path) {
  const response = await fetch(path, { credentials: 'same-origin' }).catch(() => { throw new Error('the silo does not answer; it may be restarting'); });
  if (!response.ok) throw Object.assign(new Error(`the silo answered ${response.status}`), { status: response.status });
  return response;
}

const slowest = 15000;

/** The next wait in vain: 1, 2, 4 ... 15 s. */
export const longer = wait => Math.min(slowest, wait ? wait * 2 : 1000);
