/** Sets the chosen theme before the first paint, so that nothing flashes; src/design/theme.ts does the rest. */
try {
  const theme = localStorage.getItem('kontor.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: the system's theme is shown then.
}
