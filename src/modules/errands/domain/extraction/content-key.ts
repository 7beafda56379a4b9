/** What tells whether a result is the same as the one before, and whether two miners saw the same. */
import { createHash } from 'node:crypto';
import type { Extracted, Extraction, Page } from './extraction.ts';
import { renderedText } from './rendered-text.ts';

/** A hash of the value where something is extracted, and else of the text that people see, or of the bytes of what is no text. */
export function contentKey(page: Page, extraction: Extraction | undefined, extracted: Extracted): string {
  if (extraction !== undefined && extracted.problem === undefined) return extractedKey(extracted.value);
  const text = renderedText(page);
  if (text === null) return hashed('body', page.body);
  return hashed('text', text.normalize('NFC').replaceAll(/\s+/g, ' ').trim());
}

function extractedKey(value: string | null): string {
  return value === null ? hashed('nothing', '') : hashed('value', value.normalize('NFC'));
}

function hashed(kind: string, content: string | Uint8Array): string {
  return createHash('sha256').update(`${kind}\n`).update(content).digest('hex');
}
