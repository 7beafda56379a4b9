/** A cookie with an id that we made and signed: nobody can try the ids of others, or look like many without asking for as many cookies. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { BoundedMap } from '#core/bounded-map.ts';
import { cookieIn, cookieText } from './cookies.ts';

/** Values whose signature was checked lately. */
const maxChecked = 10_000;
const dayMs = 86_400_000;

export interface SignedCookieOptions {
  readonly key: string;
  readonly name: string;
  readonly lifeDays: number;
}

export class SignedCookie {
  readonly #options: SignedCookieOptions;
  readonly #checked = new BoundedMap<string, string>(maxChecked);

  constructor(options: SignedCookieOptions) {
    this.#options = options;
  }

  /** The id in a header `Cookie`; undefined without one, and for one that we did not sign. */
  read(header: string | undefined, protocol: string): string | undefined {
    const value = cookieIn(header, protocol, this.#options.name);
    if (value === undefined) return undefined;
    const known = this.#checked.get(value);
    if (known !== undefined) return known;
    const [, id, signature] = /^([0-9a-f]{32})\.([0-9a-f]{64})$/.exec(value) ?? [];
    if (id === undefined || signature === undefined) return undefined;
    if (!timingSafeEqual(Buffer.from(signature), Buffer.from(this.#signatureOf(id)))) return undefined;
    this.#checked.set(value, id);
    return id;
  }

  /** For a header `Set-Cookie`. */
  written(id: string, protocol: string): string {
    const { name, lifeDays } = this.#options;
    return cookieText(protocol, name, `${id}.${this.#signatureOf(id)}`, lifeDays * dayMs);
  }

  /** For a header `Set-Cookie`: the browser forgets it. */
  removed(protocol: string): string {
    return cookieText(protocol, this.#options.name, '', 0);
  }

  #signatureOf(id: string): string {
    return createHmac('sha256', this.#options.key).update(id).digest('hex');
  }
}
