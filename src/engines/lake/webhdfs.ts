/** Calls to HDFS over WebHDFS: tries the NameNodes in turn, and takes a call that moves data to the DataNode that it is sent to. */
import { KontorError } from '#core/errors.ts';
import type { HdfsAddress } from './hdfs-address.ts';
import type { HttpAnswer, HttpCall, HttpCalls } from './http-calls.ts';

type HdfsMethod = HttpCall['method'];

export interface HdfsCall {
  readonly method: HdfsMethod;
  readonly operation: string;
  /** Below the lake's folder, without a slash before it; `''` is that folder. */
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** What HDFS says of a call that it refuses, such as `FileNotFoundException`. */
export class HdfsRefusal extends Error {
  readonly exception: string;

  constructor(exception: string, message: string) {
    super(message);
    this.exception = exception;
  }
}

/** What the caller knows how to handle; all others are operating failures. */
const refusals = new Set(['FileNotFoundException', 'FileAlreadyExistsException', 'PathIsNotEmptyDirectoryException']);
const full = new Set(['DSQuotaExceededException', 'NSQuotaExceededException', 'QuotaByStorageTypeExceededException']);
const denied = new Set(['AccessControlException', 'SecurityException', 'AuthorizationException']);

export class WebHdfs {
  readonly #address: HdfsAddress;
  readonly #calls: HttpCalls;
  /** The NameNode that answered last. */
  #active = 0;

  constructor(address: HdfsAddress, calls: HttpCalls) {
    this.#address = address;
    this.#calls = calls;
  }

  /** A path of the lake as HDFS names it. */
  hdfsPath(path: string): string {
    return path === '' ? this.#address.folder || '/' : `${this.#address.folder}/${path}`;
  }

  /** The body of the answer. Rejects with a HdfsRefusal or a KontorError. */
  async call(call: HdfsCall): Promise<Buffer> {
    const answer = await this.#byNameNode(call);
    if (answer.status !== 307) return accepted(answer);
    const { location } = answer.headers;
    if (location === undefined || !URL.canParse(location)) throw new KontorError('unavailable', 'HDFS named no DataNode');
    const { method, body } = call;
    return accepted(await this.#calls.call({ method, url: new URL(location), ...(body && { body }) }));
  }

  async json<Value>(call: HdfsCall): Promise<Value> {
    const body = await this.call(call);
    try {
      return JSON.parse(body.toString()) as Value;
    } catch (error) {
      throw new KontorError('unavailable', 'HDFS answered something other than JSON', { cause: error });
    }
  }

  /** The answer of the first NameNode that is active. */
  async #byNameNode(call: HdfsCall): Promise<HttpAnswer> {
    const { nameNodes } = this.#address;
    let failure: unknown;
    for (const _ of nameNodes) {
      const index = this.#active;
      try {
        const answer = await this.#calls.call({ method: call.method, url: this.#urlOf(nameNodes[index] ?? '', call) });
        if (exceptionIn(answer)?.exception !== 'StandbyException') return answer;
        failure = new KontorError('unavailable', 'no NameNode is active');
      } catch (error) {
        failure = error;
      }
      if (this.#active === index) this.#active = (index + 1) % nameNodes.length;
    }
    throw failure;
  }

  #urlOf(nameNode: string, { operation, path, parameters }: HdfsCall): URL {
    const encoded = this.hdfsPath(path).split('/').map(encodeURIComponent).join('/');
    const url = new URL(`${nameNode}/webhdfs/v1${encoded}`);
    url.search = new URLSearchParams({ op: operation, 'user.name': this.#address.user, ...parameters }).toString();
    return url;
  }
}

function accepted(answer: HttpAnswer): Buffer {
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  const { exception, message } = exceptionIn(answer) ?? { exception: `status ${answer.status}`, message: '' };
  if (refusals.has(exception)) throw new HdfsRefusal(exception, message);
  const says = `HDFS refused: ${exception}: ${message.split('\n')[0]?.slice(0, 300)}`;
  if (full.has(exception)) throw new KontorError('storage_full', says);
  if (denied.has(exception)) throw new KontorError('storage_read_only', says);
  throw new KontorError('unavailable', says);
}

function exceptionIn({ status, body }: HttpAnswer): { readonly exception: string; readonly message: string } | undefined {
  if (status < 400) return undefined;
  try {
    const { RemoteException: remote } = JSON.parse(body.toString()) as { RemoteException?: { exception?: unknown; message?: unknown } };
    return remote === undefined ? undefined : { exception: String(remote.exception), message: String(remote.message) };
  } catch {
    return undefined;
  }
}
