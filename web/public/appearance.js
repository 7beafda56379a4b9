/** Sets the chosen theme before the first paint, so that the page does not flash; see src/design/theme.ts. */
try {
  const theme = localStorage.getItem('kontor.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: then the page has the system's theme.
}
