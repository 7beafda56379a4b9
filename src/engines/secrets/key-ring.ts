/** The keys of a house: the first seals, all of them open. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { KontorError } from '#core/errors.ts';

/** What a sealed value begins with; then the key's id, and in base64url the nonce, the encrypted text and the tag. */
export const sealedMark = 'sealed:1:';
const nonceBytes = 12;
const tagBytes = 16;

interface Key {
  /** Not secret: it tells which key a value was sealed with. */
  readonly id: string;
  readonly text: string;
  readonly sealing: Uint8Array;
}

export class KeyRing {
  readonly #keys: readonly Key[];

  /** At least one key, the newest first. */
  constructor(texts: readonly string[]) {
    this.#keys = texts.map((text) => ({ id: derived(text, 'id', 6).toString('hex'), text, sealing: derived(text, 'sealing', 32) }));
  }

  /** The newest first. */
  get ids(): readonly string[] {
    return this.#keys.map(({ id }) => id);
  }

  seal(place: string, secret: string): string {
    const [key] = this.#keys;
    if (key === undefined) throw new KontorError('internal', 'there is no key to seal with');
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key.sealing, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${sealedMark}${key.id}:${sealed.toString('base64url')}`;
  }

  /** Undefined when it was sealed with a key that is not here. */
  open(place: string, sealed: string): string | undefined {
    const id = sealedWith(sealed);
    if (id === undefined) return sealed;
    const key = this.#keys.find((one) => one.id === id);
    if (key === undefined) return undefined;
    const bytes = Buffer.from(sealed.slice(sealedMark.length + id.length + 1), 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.sealing, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-tagBytes));
      return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
    } catch (error) {
      throw new KontorError('storage_damaged', `the sealed secret of ${place} was changed, or belongs to another place`, { cause: error });
    }
  }

  sign(purpose: string, text: string): string {
    return signature(this.#keys[0]?.text ?? '', purpose, text);
  }

  signed(purpose: string, text: string, claimed: string): boolean {
    return this.#keys.some((key) => {
      const [right, given] = [Buffer.from(signature(key.text, purpose, text)), Buffer.from(claimed)];
      return right.length === given.length && timingSafeEqual(right, given);
    });
  }
}

/** The id of the key; undefined for text in clear. */
function sealedWith(text: string): string | undefined {
  return /^sealed:1:([0-9a-f]{12}):/.exec(text)?.[1];
}

/** How values begin that are sealed with this key. */
export function beginningOf(id: string): string {
  return `${sealedMark}${id}:`;
}

function signature(text: string, purpose: string, signed: string): string {
  return createHmac('sha256', derived(text, `signing ${purpose}`, 32))
    .update(signed)
    .digest('base64url');
}

/** Each use has a key of its own, so that no use tells anything about another. */
function derived(text: string, use: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', text, '', `kontor ${use}`, bytes));
}
