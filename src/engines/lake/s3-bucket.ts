/** Calls to one bucket of S3, or of a server that speaks its protocol. Requests are signed with `aws4fetch`. */
import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { HttpAnswer, HttpCall, HttpCalls } from './http-calls.ts';
import { invalidLakeAddress } from './limits.ts';

export interface S3Access {
  /** The server, such as `https://s3.example`; left out for Amazon's own in the region. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

export interface S3Place {
  readonly bucket: string;
  /** What all keys begin with: empty, or with a slash at its end. */
  readonly prefix: string;
}

export interface S3Page {
  readonly objects: readonly { readonly key: string; readonly bytes: number }[];
  readonly more: boolean;
}

const form = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(\/[A-Za-z0-9_=/-]*)?$/;
const maxPrefixLength = 400;

export function s3Place(url: string): S3Place {
  const [, bucket, path = ''] = form.exec(url) ?? [];
  const prefix = path.replaceAll(/^\/+|\/+$/g, '');
  if (bucket === undefined || prefix.length > maxPrefixLength || prefix.includes('//'))
    throw invalidLakeAddress('s3://BUCKET/PREFIX, with a prefix of letters, digits, `_`, `-`, `=` and `/`');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

export class S3Bucket {
  readonly #access: S3Access;
  readonly #calls: HttpCalls;
  readonly #clock: Clock;
  /** With a slash at its end. */
  readonly #address: string;
  readonly #signingKeys = new Map<string, ArrayBuffer>();

  constructor(bucket: string, access: S3Access, { calls, clock }: { readonly calls: HttpCalls; readonly clock: Clock }) {
    const { endpoint, region } = access;
    this.#access = access;
    this.#calls = calls;
    this.#clock = clock;
    this.#address = endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com/` : `${endpoint.replace(/\/+$/, '')}/${bucket}/`;
  }

  /** `exists` when there is an object with this key: it is never overwritten. */
  async create(key: string, body: Uint8Array): Promise<'created' | 'exists'> {
    const answer = await this.#call('PUT', this.#urlOf(key), body, { 'if-none-match': '*' });
    if (answer.status === 200) return 'created';
    if (answer.status === 412) return 'exists';
    throw failureOf(answer);
  }

  async read(key: string): Promise<Buffer | undefined> {
    const answer = await this.#call('GET', this.#urlOf(key));
    if (answer.status === 200) return answer.body;
    if (answer.status === 404 && codeOf(answer) === 'NoSuchKey') return undefined;
    throw failureOf(answer);
  }

  async remove(key: string): Promise<void> {
    const answer = await this.#call('DELETE', this.#urlOf(key));
    if (answer.status === 404 && codeOf(answer) === 'NoSuchKey') return;
    if (answer.status !== 204 && answer.status !== 200) throw failureOf(answer);
  }

  /** Objects whose keys begin with `prefix` and come after `after`, in order; at most 1,000. */
  async list(prefix: string, after: string | undefined, limit: number): Promise<S3Page> {
    const url = this.#urlOf('');
    url.searchParams.set('list-type', '2');
    url.searchParams.set('max-keys', String(Math.min(limit, 1_000)));
    url.searchParams.set('prefix', prefix);
    if (after !== undefined) url.searchParams.set('start-after', after);
    const answer = await this.#call('GET', url);
    if (answer.status !== 200) throw failureOf(answer);
    return pageIn(answer.body.toString());
  }

  #urlOf(key: string): URL {
    return new URL(this.#address + key.split('/').map(encodeURIComponent).join('/'));
  }

  async #call(
    method: HttpCall['method'],
    url: URL,
    body?: Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer> {
    const { accessKey, secretKey, sessionToken, region } = this.#access;
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const signed = await new AwsV4Signer({
      method,
      url: url.href,
      headers: { ...headers, 'x-amz-content-sha256': hash },
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      ...(sessionToken !== undefined && { sessionToken }),
      service: 's3',
      region,
      cache: this.#signingKeys,
      datetime: Temporal.Instant.fromEpochMilliseconds(this.#clock.now()).toString({ smallestUnit: 'second' }).replaceAll(/[:-]/g, ''),
    }).sign();
    return this.#calls.call({ method, url: signed.url, headers: Object.fromEntries(signed.headers), ...(body && { body }) });
  }
}

/** What is different from all others: the credentials or the bucket are wrong, so that no repetition helps. */
const misconfigured = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'NoSuchBucket',
  'AuthorizationHeaderMalformed',
  'NotImplemented',
]);

function failureOf(answer: HttpAnswer): KontorError {
  const code = codeOf(answer) || `status ${answer.status}`;
  if (misconfigured.has(code)) {
    const message = `S3 refused: ${code}; check LAKE_URL and the options that begin with LAKE_S3`;
    return new KontorError('invalid_option', message, { details: [{ field: 'LAKE_URL', message }] });
  }
  if (code === 'AccessDenied') return new KontorError('storage_read_only', 'S3 refused: AccessDenied; the credentials need more rights');
  return new KontorError('unavailable', `S3 refused: ${code}`);
}

/** The answers are small documents of a known shape, so three patterns read them. */
function codeOf({ body }: HttpAnswer): string {
  return /<Code>([A-Za-z0-9.]{1,100})<\/Code>/.exec(body.subarray(0, 10_000).toString())?.[1] ?? '';
}

function pageIn(text: string): S3Page {
  const objects = [...text.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, one = '']) => ({
    key: plain(/<Key>(.*?)<\/Key>/s.exec(one)?.[1] ?? ''),
    bytes: Number(/<Size>(\d+)<\/Size>/.exec(one)?.[1] ?? Number.NaN),
  }));
  return { objects, more: /<IsTruncated>true<\/IsTruncated>/.test(text) };
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function plain(text: string): string {
  return text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '');
}
