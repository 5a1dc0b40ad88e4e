// Runs before the first paint, so that a chosen scheme never flashes in the other's colours.
(() => {
  let theme = null;
  try { theme = localStorage.getItem('theme'); } catch { /* storage is off: the system's scheme holds */ }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
})();
