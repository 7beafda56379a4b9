/** Names for statements that come again, so that the server parses and plans each once a connection. */

/** Prepared statements take memory on the server, on each connection: what comes after these is planned each time. */
const maxNamed = 500;
/** The rest is not prepared: it defines tables, or ends transactions. */
const preparable = /^\s*(select|insert|update|delete|with)\s/i;

export class StatementNames {
  readonly #names = new Map<string, string>();
  /** Distinguishes the names given before and after `forget`. */
  #edition = 0;

  /** The name for this text, always the same; undefined when it is not to be prepared. */
  of(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#names.size >= maxNamed || !preparable.test(text)) return undefined;
    const name = `kontor-${this.#edition}-${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  /** Whatever was prepared may not fit the tables any more: new names are given from now on. */
  forget(): void {
    this.#names.clear();
    this.#edition += 1;
  }
}
