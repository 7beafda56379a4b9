/** A key for requests that must not be done twice: the same while the same is asked, a new one for anything else. */
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

  /** It was done: the same again is meant as a second time. */
  done(): void {
    this.#last = undefined;
  }
}

export function useRequestKeys(): RequestKeys {
  const keys = useRef<RequestKeys>(undefined);
  keys.current ??= new RequestKeys(newRequestKey);
  return keys.current;
}
