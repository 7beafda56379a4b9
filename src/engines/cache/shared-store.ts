/** What a shared cache needs of a server: items of text that are changed only by callers that know their present content. */
export interface SharedStore {
  /** The item; undefined when there is none. Rejects when the server does not answer in time. */
  get(key: string): Promise<string | undefined>;
  /** Stores an item in place of the one with that mark (`''`: of none); false when there is another one by now. */
  replace(key: string, mark: string, item: string, ttlMs: number): Promise<boolean>;
  /** Removes the item, with a mark only that one. */
  remove(key: string, mark?: string): Promise<void>;
  close(): Promise<void>;
}

/** Every item begins with its mark, which no other item has. */
export const markLength = 32;
