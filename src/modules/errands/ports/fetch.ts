/** The port Fetch: one hardened HTTP client for miners, auditors, webhooks and previews. */
import type { AddressRefusal } from '../domain/fetching/check-address.ts';
import type { HeaderRefusal } from '../domain/fetching/request-headers.ts';

/**
 * Promises:
 * - No connection is ever opened to an address that is not public, whatever a name resolves to, on every hop of a redirect. The address
 *   that was checked is the one connected to. Only `allow` lets hosts of the house itself through.
 * - `fetch` never rejects for what a host or a caller does; every answer is one of three outcomes, within `totalMs`.
 * - Memory for an answer is bounded by its limits, however much the host sends.
 */
export interface Fetch {
  fetch(request: FetchRequest, signal?: AbortSignal): Promise<FetchOutcome>;
  /** Ends what is going on as `cancelled`. */
  close(): Promise<void>;
}

export interface FetchRequest {
  /** POST is for webhooks only: its redirects are not followed, and it may carry the headers of webhooks. */
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly address: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a POST; at most `maxSentBytes`. */
  readonly body?: Uint8Array;
  readonly limits?: Partial<FetchLimits>;
}

export interface FetchLimits {
  readonly redirects: number;
  readonly headerBytes: number;
  /** What comes over the wire. */
  readonly wireBytes: number;
  /** What it is when decompressed. */
  readonly bodyBytes: number;
  readonly resolveMs: number;
  /** With the TLS handshake. */
  readonly connectMs: number;
  /** From the request to the end of the headers. */
  readonly headersMs: number;
  readonly bodyMs: number;
  /** All of it, with all redirects. */
  readonly totalMs: number;
}

export const defaultFetchLimits: FetchLimits = {
  redirects: 5,
  headerBytes: 32 * 1024,
  wireBytes: 4 * 1024 * 1024,
  bodyBytes: 8 * 1024 * 1024,
  resolveMs: 5_000,
  connectMs: 5_000,
  headersMs: 15_000,
  bodyMs: 15_000,
  totalMs: 25_000,
};

export const maxSentBytes = 1024 * 1024;

export type FetchOutcome = Fetched | FetchRefused | FetchFailed;

interface Fetched {
  readonly kind: 'fetched';
  readonly status: number;
  /** Lower-case names; values of a header that came several times are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where it came from, after redirects. */
  readonly address: string;
  readonly redirects: number;
  readonly protocol: 'http/1.1' | 'h2';
  /** Decompressed. */
  readonly body: Buffer;
  readonly wireBytes: number;
  readonly timings: FetchTimings;
}

/** A rule of the house forbids it: to try again does not help. */
interface FetchRefused {
  readonly kind: 'refused';
  readonly reason: FetchRefusal;
  /** The address that was refused: that of the request, or of a redirect. */
  readonly address: string;
  readonly says: string;
  readonly timings: FetchTimings;
}

/** The host or the network failed. */
interface FetchFailed {
  readonly kind: 'failed';
  readonly reason: FetchFailure;
  readonly address: string;
  readonly says: string;
  readonly timings: FetchTimings;
}

/** Milliseconds of each phase, added up over redirects. */
export interface FetchTimings {
  readonly resolveMs: number;
  readonly connectMs: number;
  readonly headersMs: number;
  readonly bodyMs: number;
  readonly totalMs: number;
}

export type FetchRefusal = AddressRefusal | HeaderRefusal | 'request_too_large' | 'downgrade' | 'redirect_circle' | 'too_many_redirects';

export type FetchFailure =
  | 'name_not_found'
  | 'resolve_failed'
  | 'resolve_timed_out'
  | 'connect_failed'
  | 'connect_timed_out'
  | 'tls_failed'
  | 'headers_timed_out'
  | 'headers_too_large'
  | 'answer_invalid'
  | 'body_timed_out'
  | 'body_too_large'
  | 'body_cut'
  | 'encoding_unknown'
  | 'encoding_broken'
  | 'total_timed_out'
  | 'too_many_at_once'
  | 'cancelled';
