// Runs before the first paint, so that a chosen theme never flashes. The app itself reads the same key: src/theme/theme.ts.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('baton.theme');
  } catch {
    // Storage may be switched off; the system's theme applies then.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
