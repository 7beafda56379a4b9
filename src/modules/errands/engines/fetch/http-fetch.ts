/** The Fetch over Node's own HTTP clients: every hop is checked, resolved, checked again, and connected to by its address. */
import type { Clock } from '#core/ports/clock.ts';
import { type AddressRules, addressRefusals, checkAddress } from '../../domain/fetching/check-address.ts';
import { checkHeaders, headerRefusals } from '../../domain/fetching/request-headers.ts';
import {
  defaultFetchLimits,
  type Fetch,
  type FetchFailure,
  type FetchLimits,
  type FetchOutcome,
  type FetchRefusal,
  type FetchRequest,
  maxSentBytes,
} from '../../ports/fetch.ts';
import { Connections } from './connections.ts';
import { acceptedEncodings, decodeBody } from './decode-body.ts';
import { HostAddresses, type Resolve, resolveByDns } from './host-addresses.ts';
import { askByHttp1, NotConnected, StaleConnection } from './http1.ts';
import type { Http2Sessions } from './http2-sessions.ts';
import { Stopped } from './stopped.ts';
import { type Answer, BecameSession, connectionKey, isRedirect, redirectedTo, SessionEnded, type Target } from './target.ts';
import { type Watch, Watches } from './watches.ts';

export interface FetchOptions {
  readonly clock: Clock;
  readonly rules?: AddressRules;
  /** Sent unless the request has its own. */
  readonly userAgent?: string;
  /** How names become addresses; by default by the DNS of the machine. */
  readonly resolve?: Resolve;
  /** A certificate authority that is trusted instead of those that Node trusts. */
  readonly ca?: string;
}

/** Fetches at once. Callers have queues of their own, which are shorter. */
const maxAtOnce = 1_024;
/** Addresses of one name that are tried. */
const maxTries = 3;

/** To connect and to ask, and both once more when the session ended just then. */
const maxTurns = 4;

const defaultUserAgent = 'Kontor-Errands/1.0';

interface SecureParts {
  readonly sessions: Http2Sessions;
  readonly connections: Connections;
}

/** What stays the same over the hops of a fetch. */
interface Call {
  readonly request: FetchRequest;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: FetchLimits;
  readonly watch: Watch;
}

export function openFetch(options: FetchOptions): Fetch {
  return new HttpFetch(options);
}

class HttpFetch implements Fetch {
  readonly #rules: AddressRules;
  readonly #userAgent: string;
  readonly #ca: string | undefined;
  readonly #hosts: HostAddresses;
  readonly #watches: Watches;
  readonly #connections = new Connections();
  #secure: Promise<SecureParts> | undefined;

  constructor({ clock, rules = {}, userAgent = defaultUserAgent, resolve = resolveByDns(), ca }: FetchOptions) {
    this.#rules = rules;
    this.#userAgent = userAgent;
    this.#ca = ca;
    this.#hosts = new HostAddresses(clock, resolve);
    this.#watches = new Watches(clock);
  }

  async fetch(request: FetchRequest, signal?: AbortSignal): Promise<FetchOutcome> {
    const limits = { ...defaultFetchLimits, ...request.limits };
    const watch = this.#watches.begin(limits);
    const cancel = () => watch.stop(Stopped.failed('cancelled', 'the fetch was cancelled'));
    signal?.addEventListener('abort', cancel);
    if (signal?.aborted === true) cancel();
    const place = { address: request.address };
    try {
      return await this.#follow({ request, headers: this.#headersOf(request), limits, watch }, place);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      const told = { address: place.address.slice(0, 2_048), says: error.message, timings: watch.timings() };
      return error.outcome === 'refused'
        ? { kind: 'refused', reason: error.reason as FetchRefusal, ...told }
        : { kind: 'failed', reason: error.reason as FetchFailure, ...told };
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#watches.end(watch);
    }
  }

  async close(): Promise<void> {
    this.#watches.stopAll(Stopped.failed('cancelled', 'the client is closing'));
    this.#connections.destroy();
    const secure = await this.#secure;
    secure?.connections.destroy();
    secure?.sessions.close();
  }

  /** Throws `Stopped`. `place` tells where it came to. */
  async #follow(call: Call, place: { address: string }): Promise<FetchOutcome> {
    const { request, limits, watch } = call;
    if (this.#watches.size > maxAtOnce) throw Stopped.failed('too_many_at_once', `more than ${maxAtOnce} fetches at once`);
    const seen = new Set<string>();
    let from: URL | undefined;
    while (true) {
      const checked = checkAddress(place.address, this.#rules, from);
      if (checked.kind === 'refused') throw Stopped.refused(checked.reason, addressRefusals[checked.reason]);
      const { url, port, allowed } = checked;
      place.address = url.href;
      if (from?.protocol === 'https:' && url.protocol === 'http:')
        throw Stopped.refused('downgrade', 'a redirect leads from https to http, where anybody could change the page');
      if (seen.has(url.href)) throw Stopped.refused('redirect_circle', 'the redirects go round in a circle');
      if (seen.size > limits.redirects) throw Stopped.refused('too_many_redirects', `there are more than ${limits.redirects} redirects`);
      seen.add(url.href);
      const answer = await this.#hop(call, url, port, allowed);
      if (request.method === 'POST' || !isRedirect(answer.status, answer.headers))
        return await this.#fetched(call, url, seen.size - 1, answer);
      place.address = redirectedTo(answer.headers);
      from = url;
      if (watch.why !== undefined) throw watch.why;
    }
  }

  async #hop({ request, headers, limits, watch }: Call, url: URL, port: number, allowed: boolean): Promise<Answer> {
    watch.begin('resolve');
    const ips = await watch.within(this.#hosts.of(url.hostname, allowed));
    const { method, body } = request;
    let failure: NotConnected | undefined;
    for (const ip of ips.slice(0, maxTries)) {
      try {
        return await this.#ask({ url, ip, port, method, headers: { host: url.host, ...headers }, body, limits, watch });
      } catch (error) {
        if (!(error instanceof NotConnected)) throw error;
        failure = error;
      }
    }
    throw Stopped.failed(failure?.reason ?? 'connect_failed', `${url.host} cannot be connected to: ${failure?.message ?? 'no address'}`);
  }

  async #ask(target: Target): Promise<Answer> {
    if (target.url.protocol === 'http:') return await askAgain(target, this.#connections);
    this.#secure ??= openSecureParts(this.#ca);
    const { sessions, connections } = await this.#secure;
    const key = connectionKey(target);
    for (let turn = 0; turn < maxTurns; turn++) {
      const session = sessions.find(key);
      try {
        return session === undefined ? await askAgain(target, connections) : await sessions.ask(session, target);
      } catch (error) {
        if (error instanceof BecameSession) continue;
        if (!(error instanceof SessionEnded)) throw error;
        if (target.method === 'POST') break;
      }
    }
    throw Stopped.failed('answer_invalid', 'the host ends its sessions of HTTP/2 without an answer');
  }

  async #fetched({ request, limits, watch }: Call, url: URL, redirects: number, answer: Answer): Promise<FetchOutcome> {
    const { status, headers, protocol, body: wire } = answer;
    const encoding = request.method === 'HEAD' ? undefined : headers['content-encoding'];
    const body = await watch.within(decodeBody(wire, encoding, limits.bodyBytes));
    if (body.length > limits.bodyBytes) throw Stopped.failed('body_too_large', `the body is longer than ${limits.bodyBytes} bytes`);
    const timings = watch.timings();
    return { kind: 'fetched', status, headers, address: url.href, redirects, protocol, body, wireBytes: wire.length, timings };
  }

  #headersOf({ method, headers = {}, body }: FetchRequest): Readonly<Record<string, string>> {
    const checked = checkHeaders(headers, method === 'POST' ? 'webhook' : 'order');
    if (checked.kind === 'refused') throw Stopped.refused(checked.reason, `${checked.header}: ${headerRefusals[checked.reason]}`);
    const sent: Record<string, string> = { 'user-agent': this.#userAgent, accept: '*/*', 'accept-encoding': acceptedEncodings };
    Object.assign(sent, checked.headers);
    if (method !== 'POST') return sent;
    const bytes = body?.length ?? 0;
    if (bytes > maxSentBytes) throw Stopped.refused('request_too_large', `at most ${maxSentBytes} bytes are sent`);
    sent['content-length'] = String(bytes);
    return sent;
  }
}

/** A connection that the host closed just then is replaced once. */
async function askAgain(target: Target, connections: Connections): Promise<Answer> {
  try {
    return await askByHttp1(target, connections);
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error;
    if (target.method === 'POST') throw Stopped.failed('answer_invalid', error.message);
  }
  connections.dropIdle(connectionKey(target));
  try {
    return await askByHttp1(target, connections);
  } catch (error) {
    throw error instanceof StaleConnection ? Stopped.failed('answer_invalid', error.message) : error;
  }
}

/** TLS and HTTP/2 are loaded when the first address needs them. */
async function openSecureParts(ca: string | undefined): Promise<SecureParts> {
  const [{ SecureConnections }, { Http2Sessions: Sessions }] = await Promise.all([
    import('./secure-connections.ts'),
    import('./http2-sessions.ts'),
  ]);
  const sessions = new Sessions();
  return { sessions, connections: new SecureConnections(sessions, ca) };
}
