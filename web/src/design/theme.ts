/** The theme: light, dark, or that of the system. It selects which half of the colour tokens applies. */
import { useSyncExternalStore } from 'react';
import { readChoice, writeChoice } from '../browser.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const listeners = new Set<() => void>();
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');
let chosen: Theme = themes.find((theme) => theme === readChoice('theme')) ?? 'system';

export function setTheme(theme: Theme): void {
  chosen = theme;
  writeChoice('theme', theme);
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  announce();
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => chosen);
}

/** Whether the dark theme is shown, for canvases that must redraw when it changes. */
export function useDark(): boolean {
  return useSyncExternalStore(subscribe, () => chosen === 'dark' || (chosen === 'system' && systemIsDark.matches));
}

/** The colour of a token, in a form that a canvas understands. */
export function tokenColor(name: `--${string}`): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  probe.hidden = true;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function announce(): void {
  for (const listener of listeners) listener();
}

systemIsDark.addEventListener('change', announce);
