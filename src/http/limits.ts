/** All limits of the HTTP server. Tests lower them; operators set those that are options. */
export interface HttpLimits {
  /** Bytes of a request body; a route may set its own `bodyLimit`. */
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly headersCount: number;
  /** Time in which a client must send all headers. */
  readonly headersTimeoutMs: number;
  /** Time in which a client must send the whole request. */
  readonly requestTimeoutMs: number;
  /** After this time, a request whose handler has not answered gets 503, and its `request.signal` aborts. */
  readonly handlerTimeoutMs: number;
  /** Time that an idle connection is kept. It is longer than the minute of most load balancers, so that they close first. */
  readonly keepAliveTimeoutMs: number;
  /** A connection without traffic for this long is closed: its client does not read the answer. */
  readonly connectionTimeoutMs: number;
  readonly connections: number;
  /** Requests per minute from one address; 0 for no limit. Health and metrics are not counted. */
  readonly requestsPerMinute: number;
  readonly sockets: number;
  /** Bytes of one message from a client on a socket. */
  readonly socketMessageBytes: number;
  /** Time between pings. A socket that has not answered a ping before the next one is dead. */
  readonly socketPingMs: number;
  /** While draining, the time that endpoints have to close their sockets themselves. */
  readonly socketGraceMs: number;
}

export const defaultLimits: HttpLimits = {
  bodyBytes: 65_536,
  headerBytes: 16_384,
  headersCount: 100,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  handlerTimeoutMs: 30_000,
  keepAliveTimeoutMs: 65_000,
  connectionTimeoutMs: 90_000,
  connections: 20_000,
  requestsPerMinute: 3_000,
  sockets: 10_000,
  socketMessageBytes: 65_536,
  socketPingMs: 30_000,
  socketGraceMs: 1_000,
};

/** Limits of JSON: of a whole body, or of one line. */
export const jsonLimits = {
  depth: 32,
  /** Counted by commas and brackets: an upper bound of the number of values. */
  values: 20_000,
  /** Bytes of one line of `application/x-ndjson`. */
  lineBytes: 65_536,
  /** Lines of one body, empty ones included. */
  lines: 100_000,
  /** After this many lines, the event loop serves other requests. */
  linesAtOnce: 200,
} as const;
