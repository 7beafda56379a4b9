/** What the reader's thread is asked and answers. */
import type { Difference } from '../../domain/difference/difference.ts';
import type { Extraction, Page } from '../../domain/extraction/extraction.ts';
import type { PageReading } from '../../domain/extraction/read-page.ts';

export interface ReaderCalls {
  read: { readonly asks: { readonly page: Page; readonly extraction: Extraction | undefined }; readonly answers: PageReading };
  text: { readonly asks: { readonly page: Page }; readonly answers: string | null };
  difference: { readonly asks: { readonly before: string; readonly after: string }; readonly answers: Difference };
}

export type ReaderAsk = {
  [Kind in keyof ReaderCalls]: { readonly id: number; readonly kind: Kind } & ReaderCalls[Kind]['asks'];
}[keyof ReaderCalls];

export interface ReaderAnswer {
  readonly id: number;
  readonly answer: ReaderCalls[keyof ReaderCalls]['answers'];
}
