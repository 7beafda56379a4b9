/** The port Reader: looks into pages that strangers wrote, for expressions that strangers wrote. */
import type { Difference } from '../domain/difference/difference.ts';
import type { Extraction, Page } from '../domain/extraction/extraction.ts';
import type { PageReading } from '../domain/extraction/read-page.ts';

/**
 * Promises: nothing that a page or an expression does holds up the process for longer than it takes to hand the page over. What
 * takes too long is given up: `read` tells so as its problem, `text` and `difference` with null.
 * `page.body` is copied; the caller keeps it.
 */
export interface Reader {
  /** Extracts, and gives the key that tells whether the content is the same as another. */
  read(page: Page, extraction: Extraction | undefined): Promise<PageReading>;
  /** The text that people see; null for what is no text, or is too large. */
  text(page: Page): Promise<string | null>;
  difference(before: string, after: string): Promise<Difference | null>;
  close(): Promise<void>;
}
