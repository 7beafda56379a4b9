/** The messages between the warehouse and its process. */
import type { ErrorCode } from '#core/errors.ts';
import type { Column, Question } from '../../ports/warehouse.ts';

export interface ProcessOptions {
  readonly memoryMiB: number;
  /** Questions that are answered at once. */
  readonly threads: number;
  /** Where it writes what does not fit into memory, and files before they are handed over. */
  readonly folder: string;
}

export interface Call {
  readonly id: number;
  readonly answer: 'rows' | 'parquet';
  readonly question: Question;
}

export interface Reply {
  readonly id: number;
  readonly columns?: Readonly<Record<string, Column>>;
  readonly length?: number;
  readonly bytes?: Uint8Array;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}
