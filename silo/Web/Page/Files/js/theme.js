// Light and dark: the system's, until the button says otherwise. Pictures on a canvas ask here for colours and are told when they change.

const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set();
const probe = document.createElement('span');
probe.hidden = true;
document.documentElement.append(probe);

const root = document.documentElement;

export const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;

/** Takes the other scheme, and keeps it only where it differs from the system's. */
export function toggle() {
  const wanted = isDark() ? 'light' : 'dark';
  if ((wanted === 'dark') === system.matches) delete root.dataset.theme;
  else root.dataset.theme = wanted;
  try {
    if (root.dataset.theme) localStorage.setItem('theme', wanted);
    else localStorage.removeItem('theme');
  } catch { /* it holds for this page alone */ }
  tell();
}

// Asking the browser for a style makes it compute all styles; a picture asks for a dozen colours, many times a second.
const known = new Map();

/** [r, g, b] of a colour of app.css in the scheme of the moment. */
export function rgb(name) {
  if (!known.has(name)) {
    probe.style.color = `var(--${name})`;
    known.set(name, getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number));
  }
  return known.get(name);
}

export const colour = (name, alpha = 1) => `rgba(${rgb(name).join(', ')}, ${alpha})`;

/** @returns {() => void} Ends it. */
export function onChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell() {
  known.clear();
  for (const listener of listeners) listener();
}

system.addEventListener('change', tell);
