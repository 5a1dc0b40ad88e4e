// Runs before the first paint and before the modules are there.

// A chosen scheme never flashes in the other's colours.
(() => {
  let theme = null;
  try { theme = localStorage.getItem('theme'); } catch { /* storage is off: the system's scheme holds */ }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
})();

// The trials of the study that the address names are on their way while the page is still being read; `trials.js` takes the worker and what it has told so far.
(() => {
  const named = /^#\/studies\/([^/]+)/.exec(location.hash);
  if (!named) return;
  let study;
  try { study = decodeURIComponent(named[1]); } catch { return; }
  const worker = new Worker(new URL('trials/worker.js', document.currentScript.src), { type: 'module' }), told = [];
  worker.onmessage = ({ data }) => told.push(data);
  worker.postMessage({ follow: study });
  globalThis.honeFirst = { study, worker, told };
})();
