/** The fonts of the house, loaded when the page is there: on a slow line, they would keep the page waiting for seconds. */
import { writeChoice } from '../browser.ts';

/** From the next visit on, `appearance.js` uses them at once, out of the browser's cache. */
export function loadFonts(): void {
  if (document.readyState === 'complete') void showFonts();
  else window.addEventListener('load', () => void showFonts(), { once: true });
}

async function showFonts(): Promise<void> {
  const faces = ['1rem Archivo', '500 1rem Grenze', '600 1rem Grenze'];
  try {
    await Promise.all(faces.map((face) => document.fonts.load(face)));
  } catch {
    // The page is readable without them; the next visit tries again.
    return;
  }
  document.documentElement.dataset.fonts = 'ready';
  writeChoice('fonts', 'ready');
}
