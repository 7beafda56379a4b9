/** The Lake in a bucket of S3: a file is one object, created by a conditional write that never overwrites. */
import { KontorError } from '#core/errors.ts';
import { expectLakeFile, expectLakeFolder, isLakeFile } from '#core/lake-path.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { Lake, LakeFile, LakePage, LocalFile } from '#core/ports/lake.ts';
import type { Random } from '#core/ports/random.ts';
import { HttpCalls } from './http-calls.ts';
import { expectLakePage, expectLakeSize } from './limits.ts';
import { LocalCopies } from './local-copies.ts';
import { type RetryLimits, retried } from './retries.ts';
import { type S3Access, S3Bucket, s3Place } from './s3-bucket.ts';

export interface S3LakeOptions extends S3Access {
  /** `s3://bucket/prefix`. */
  readonly url: string;
  readonly copiesFolder: string;
  readonly maxCopiesBytes: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly holder: Holder;
  /** The longest that a call may take. */
  readonly timeoutMs?: number;
  readonly limits?: RetryLimits;
}

const defaultTimeoutMs = 10_000;
const defaultLimits = { attempts: 5, withinMs: 20_000 };
/** No path of the lake, so never listed. */
const probeName = '.kontor-probe';

export function openS3Lake(options: S3LakeOptions): Lake {
  return new S3Lake(options);
}

class S3Lake implements Lake {
  readonly #calls: HttpCalls;
  readonly #bucket: S3Bucket;
  readonly #prefix: string;
  readonly #copies: LocalCopies;
  readonly #retrying: { readonly clock: Clock; readonly random: Random; readonly limits: RetryLimits };
  #proven: Promise<void> | undefined;

  constructor(options: S3LakeOptions) {
    const { clock, random, holder, timeoutMs = defaultTimeoutMs, limits = defaultLimits } = options;
    const { bucket, prefix } = s3Place(options.url);
    this.#calls = new HttpCalls({ clock, timeoutMs });
    this.#bucket = new S3Bucket(bucket, options, { calls: this.#calls, clock });
    this.#prefix = prefix;
    this.#copies = new LocalCopies({ folder: options.copiesFolder, maxBytes: options.maxCopiesBytes, holder });
    this.#retrying = { clock, random, limits };
  }

  async create(path: string, content: Uint8Array): Promise<'created' | 'exists'> {
    expectLakeFile(path);
    expectLakeSize(path, content.length);
    return retried(this.#retrying, async () => {
      await this.#neverOverwrites();
      return this.#bucket.create(this.#prefix + path, content);
    });
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    expectLakeFile(path);
    return retried(this.#retrying, () => this.#bucket.read(this.#prefix + path));
  }

  async list(folder: string, page: LakePage): Promise<readonly LakeFile[]> {
    expectLakeFolder(folder);
    expectLakePage(page);
    const below = this.#prefix + (folder === '' ? '' : `${folder}/`);
    const files: LakeFile[] = [];
    let after = page.after === undefined ? undefined : this.#prefix + page.after;
    for (let more = true; more && files.length < page.limit; ) {
      const from = after;
      const found = await retried(this.#retrying, () => this.#bucket.list(below, from, page.limit - files.length));
      for (const { key, bytes } of found.objects) {
        const path = key.slice(this.#prefix.length);
        if (isLakeFile(path)) files.push({ path, bytes });
        after = key;
      }
      more = found.more && found.objects.length > 0;
    }
    return files;
  }

  async remove(path: string): Promise<void> {
    expectLakeFile(path);
    await retried(this.#retrying, () => this.#bucket.remove(this.#prefix + path));
  }

  async local(path: string): Promise<LocalFile | undefined> {
    expectLakeFile(path);
    return this.#copies.copyOf(path, () => this.read(path));
  }

  async ping(): Promise<void> {
    await retried(this.#retrying, () => this.#bucket.list(this.#prefix, undefined, 1));
  }

  async close(): Promise<void> {
    this.#calls.close();
    await this.#copies.close();
  }

  /** Some servers ignore the condition and overwrite: once in each process, creates the same object twice to find out. */
  #neverOverwrites(): Promise<void> {
    this.#proven ??= this.#probe().catch((error: unknown) => {
      this.#proven = undefined;
      throw error;
    });
    return this.#proven;
  }

  async #probe(): Promise<void> {
    const key = this.#prefix + probeName;
    const probe = new Uint8Array();
    if ((await this.#bucket.create(key, probe)) === 'exists') return;
    if ((await this.#bucket.create(key, probe)) === 'exists') return;
    const message = 'this S3 server overwrites objects although it is told not to (If-None-Match: *): the lake needs one that does not';
    throw new KontorError('invalid_option', message, { details: [{ field: 'LAKE_URL', message }] });
  }
}
