/** Names for repeated statements, so that the server parses and plans each once per connection. */

/** Prepared statements take memory on the server, per connection: statements beyond this number are planned each time. */
const maxNamed = 500;
/** Other statements, such as DDL and transaction control, are not prepared. */
const preparable = /^\s*(select|insert|update|delete|with)\s/i;

export class StatementNames {
  readonly #names = new Map<string, string>();
  /** Distinguishes the names given before and after `forget`. */
  #edition = 0;

  /** The name for this text; undefined when it is not prepared. */
  of(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#names.size >= maxNamed || !preparable.test(text)) return undefined;
    const name = `kontor-${this.#edition}-${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  /** Uses new names from now on, because prepared statements may no longer fit the tables. */
  forget(): void {
    this.#names.clear();
    this.#edition += 1;
  }
}
