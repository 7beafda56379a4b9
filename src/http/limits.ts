/** Every limit of the HTTP server in one place. Tests make them small; operators set what the configuration offers. */
export interface HttpLimits {
  /** Bytes of a request's body; a route may set its own `bodyLimit`. */
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly headersCount: number;
  /** A client must have sent all headers within this time … */
  readonly headersTimeoutMs: number;
  /** … and the whole request within this. */
  readonly requestTimeoutMs: number;
  /** A handler that has not answered by then is given up with 503 and its `request.signal` aborted. */
  readonly handlerTimeoutMs: number;
  /** An idle connection is kept this long: longer than the minute that load balancers keep theirs, so that they close first. */
  readonly keepAliveTimeoutMs: number;
  /** A connection on which nothing moves for so long is cut: a client that never reads its answer. */
  readonly connectionTimeoutMs: number;
  readonly connections: number;
  /** Requests a minute from one address; 0 for no limit. Health and metrics are not counted. */
  readonly requestsPerMinute: number;
  readonly sockets: number;
  /** Bytes of one message from a client on a socket. */
  readonly socketMessageBytes: number;
  /** A socket that has not answered one ping when the next is due is dead. */
  readonly socketPingMs: number;
  /** On drain, endpoints have this long to say goodbye themselves before sockets are closed for them. */
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

/** Of JSON that is read, whether a whole body or a line of one. */
export const jsonLimits = {
  depth: 32,
  /** Counted by commas and brackets, and so never below what there is. */
  values: 20_000,
  /** Of one line of `application/x-ndjson`. */
  lineBytes: 65_536,
  /** Of one body, empty ones included. */
  lines: 100_000,
  /** After so many the server answers others. */
  linesAtOnce: 200,
} as const;
