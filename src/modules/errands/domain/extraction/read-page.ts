/** All that is made of a fetched page before it is stored. */
import { contentKey } from './content-key.ts';
import { extract } from './extract.ts';
import type { Extracted, Extraction, Page } from './extraction.ts';

export interface PageReading extends Extracted {
  /** Equal when the content is: see content-key.ts. */
  readonly key: string;
}

export function readPage(page: Page, extraction: Extraction | undefined): PageReading {
  const extracted: Extracted = extraction === undefined ? { value: null } : extract(page, extraction);
  return { ...extracted, key: contentKey(page, extraction, extracted) };
}
