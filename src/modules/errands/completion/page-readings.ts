/** Pages as they are read and stored. A page that came a moment ago for the same order's wish is neither read nor compressed again. */
import { createHash } from 'node:crypto';
import type { Lake } from '#core/ports/lake.ts';
import type { Extraction } from '../domain/extraction/extraction.ts';
import type { Reader } from '../ports/reader.ts';
import { type BodyPlace, type StoredBody, storeBody } from '../store/results/bodies.ts';
import type { FetchedPage } from './prepare.ts';

export interface Reading {
  readonly value: string | null;
  /** The value, where it is a number, in millionths. */
  readonly micros: number | null;
  /** Equal for pages that say the same: see content-key.ts. */
  readonly contentKey: string;
}

export interface ReadyPage {
  readonly reading: Reading;
  readonly stored: StoredBody;
}

const maxKept = 512;
const usualStatus = 200;

export class PageReadings {
  readonly #reader: Reader;
  readonly #lake: Pick<Lake, 'create'>;
  readonly #kept = new Map<string, Promise<ReadyPage>>();

  constructor(reader: Reader, lake: Pick<Lake, 'create'>) {
    this.#reader = reader;
    this.#lake = lake;
  }

  read(page: FetchedPage, extraction: string | null, place: BodyPlace): Promise<ReadyPage> {
    const hash = createHash('sha256')
      .update(`${place.day} ${page.status} ${page.contentType}\n${extraction}\n`)
      .update(page.body)
      .digest('hex');
    const known = this.#kept.get(hash);
    if (known !== undefined) return known;
    const ready = this.#make(page, extraction, place);
    this.#kept.set(hash, ready);
    ready.catch(() => this.#kept.delete(hash));
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= maxKept) break;
      this.#kept.delete(oldest);
    }
    return ready;
  }

  async #make(page: FetchedPage, extraction: string | null, place: BodyPlace): Promise<ReadyPage> {
    const [reading, stored] = await Promise.all([readFetched(this.#reader, page, extraction), storeBody(this.#lake, page.body, place)]);
    return { reading, stored };
  }
}

/** `extraction` is JSON as the order has it. Who compares answers reads both in this way. */
export async function readFetched(
  reader: Reader,
  { body, contentType, status }: Pick<FetchedPage, 'body' | 'contentType' | 'status'>,
  extraction: string | null,
): Promise<Reading> {
  const wanted = extraction === null ? undefined : (JSON.parse(extraction) as Extraction);
  const { value, number, key } = await reader.read({ body, contentType: contentType ?? undefined }, wanted);
  const micros = number === undefined ? null : Math.round(number * 1_000_000);
  return {
    value,
    micros: micros !== null && Number.isSafeInteger(micros) ? micros : null,
    contentKey: status === usualStatus ? key : `${status} ${key}`,
  };
}
