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
  /** Sockets, and answers that wait or stream, of one address; 0 for no limit. */
  readonly openPerAddress: number;
  /** The same of one account. */
  readonly openPerAccount: number;
  /** Bytes of one message from a client on a socket. */
  readonly socketMessageBytes: number;
  /** Messages that a client may send on a socket at once, and a second in the long run; an endpoint may have its own. */
  readonly socketMessages: number;
  readonly socketMessagesPerSecond: number;
  /** Time between pings. A socket that has not answered a ping before the next one is dead. */
  readonly socketPingMs: number;
  /** While draining, the time that endpoints have to close their sockets themselves. */
  readonly socketGraceMs: number;
  /**
   * While draining behind a proxy, the time in which requests on its open connections are still served. It is longer than the
   * proxy keeps idle ones (`keepalive_timeout` in kontor.conf.template), so that no request meets a connection that is being closed.
   */
  readonly proxyGraceMs: number;
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
  openPerAddress: 200,
  openPerAccount: 100,
  socketMessageBytes: 65_536,
  socketMessages: 200,
  socketMessagesPerSecond: 50,
  socketPingMs: 30_000,
  socketGraceMs: 1_000,
  proxyGraceMs: 3_000,
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
