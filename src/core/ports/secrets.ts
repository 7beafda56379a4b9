/**
 * Secrets: what the books hold that must not be read in a copy of them, such as the secrets of second factors.
 *
 * Promises:
 * - what is sealed is encrypted and authenticated (AES-256-GCM), and opens only in the place that it was sealed for: a row's
 *   secret cannot be moved to another row;
 * - all processes of a house have the same keys: one with other keys refuses, and never seals;
 * - a secret that an earlier version stored in clear is opened as it is, and sealed at the next `unlock`.
 */
export interface Secrets {
  /** Reads the keys, or makes the first; rejects when they are not those of the books. A role that needs secrets calls it at its start. */
  unlock(): Promise<Seal>;
  /** Makes a new key where the house keeps its own, and seals everything with the newest. Resolves how many secrets that were. */
  rotate(): Promise<number>;
}

export interface Seal {
  /** `place` is where it is stored: see `placeOf`. */
  seal(place: string, secret: string): string;
  open(place: string, sealed: string): string;
  /** A signature of `text` that only this house can make; `purpose` keeps signatures of different things apart. */
  sign(purpose: string, text: string): string;
  signed(purpose: string, text: string, signature: string): boolean;
}

/** A column whose values are sealed; `key` is the table's primary key. */
export interface SealedColumn {
  readonly table: string;
  readonly key: string;
  readonly column: string;
}

/** The place of one value. */
export function placeOf({ table, column }: SealedColumn, key: string): string {
  return `${table}.${column}/${key}`;
}
