/** Keys for requests that must not be carried out twice: a repeated request keeps its key, a different one gets a new key. */
import { useRef } from 'react';
import { newRequestKey } from '../browser.ts';

export class RequestKeys {
  readonly #newKey: () => string;
  #last: { readonly body: string; readonly key: string } | undefined;

  constructor(newKey: () => string) {
    this.#newKey = newKey;
  }

  keyFor(body: unknown): string {
    const text = JSON.stringify(body);
    if (this.#last?.body !== text) this.#last = { body: text, key: this.#newKey() };
    return this.#last.key;
  }

  /** Marks the request as done: the same body then gets a new key. */
  done(): void {
    this.#last = undefined;
  }
}

export function useRequestKeys(): RequestKeys {
  const keys = useRef<RequestKeys>(undefined);
  keys.current ??= new RequestKeys(newRequestKey);
  return keys.current;
}
