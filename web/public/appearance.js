/**
 * Before the first paint, so that the page does not flash: sets the chosen theme (src/design/theme.ts), and uses the fonts where
 * the browser has them (src/design/fonts.ts).
 */
try {
  const theme = localStorage.getItem('kontor.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  if (localStorage.getItem('kontor.fonts') === 'ready') document.documentElement.dataset.fonts = 'ready';
} catch {
  // Storage may be forbidden: then the page has the system's theme.
}
