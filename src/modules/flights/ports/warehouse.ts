/**
 * Warehouse: SQL over columns in memory and over Parquet files on this machine.
 *
 * Promises:
 * - `parquet` gives the same bytes for the same query over the same rows, with the same version of the engine: the query must
 *   name its order;
 * - integers beyond 2^53 in an answer are refused, never rounded;
 * - its engine is loaded when it is first used, and gives its memory back some seconds after it was last used;
 * - its memory and its threads are limited; what does not fit is spilled to the disk, or rejected with `overloaded`;
 * - some questions are answered at once, one on each of its threads; at most `maxWaitingQuestions` wait.
 */
export interface Warehouse {
  rows(question: Question): Promise<Answer>;
  parquet(question: Question): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface Question {
  /** One SELECT over the tables. */
  readonly sql: string;
  readonly tables: Readonly<Record<string, Table>>;
}

/** Columns of one length, or the absolute paths of Parquet files with one schema, at least one. */
export type Table = { readonly columns: Readonly<Record<string, Column>> } | { readonly files: readonly string[] };

/** Numbers are whole, below 2^53, and of the type bigint in SQL. */
export type Column = Float64Array | readonly string[];

export interface Answer {
  readonly length: number;
  /** A column of whole numbers. Asking for one that the query does not give is a broken invariant. */
  numbers(name: string): Float64Array;
  texts(name: string): readonly string[];
}

export const maxWaitingQuestions = 1_000;
