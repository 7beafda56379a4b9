/** The answers that came in the page. Each stands for one request, and only at first: later it is no longer true. */
import { browser } from '../browser.ts';

const trueForMs = 10_000;
const loadedAt = browser.now();

let answers: Record<string, unknown> | undefined;

export function takeFirstData(path: string): unknown {
  answers ??= inPage();
  const answer = browser.now() - loadedAt < trueForMs ? answers[path] : undefined;
  delete answers[path];
  return answer;
}

function inPage(): Record<string, unknown> {
  return JSON.parse(document.getElementById('first-data')?.textContent ?? '{}');
}
