/** Sends every route of a server in this process the largest bodies it takes and the smallest it refuses, and measures how long other clients wait. */
import { Agent, request } from 'node:http';
import type { ApiDocument, SchemaNode } from '#http/openapi.ts';

export interface BodiedRoute {
  readonly method: string;
  readonly path: string;
  readonly mediaType: string;
  readonly maxBytes: number;
  readonly schema: SchemaNode;
}

export interface Stall {
  readonly route: string;
  readonly shape: string;
  readonly bytes: number;
  readonly stallMs: number;
}

export interface StallOptions {
  /** The server's address, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Such as the cookie of an account that may call the routes. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxStallMs?: number;
  /** How many kinds of bodies each route gets; all if left out. */
  readonly shapes?: number;
}

/** Only a stall that repeats counts: a single one may be garbage collection. */
const attempts = 3;

/** The routes that take a body, once for each media type, from the server's OpenAPI document. */
export function bodiedRoutes(document: ApiDocument): readonly BodiedRoute[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) =>
      Object.entries(operation.requestBody?.content ?? {}).map(([mediaType, { schema = {} }]) => ({
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, 'x'),
        mediaType,
        maxBytes: operation['x-max-body-bytes'] ?? 0,
        schema: schema.$ref === undefined ? schema : (document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}),
      })),
    ),
  );
}

/** The bodies that stalled the server for longer than allowed. */
export async function stallingBodies(routes: readonly BodiedRoute[], options: StallOptions): Promise<readonly Stall[]> {
  const { maxStallMs = 100, shapes = Number.POSITIVE_INFINITY } = options;
  const stalls: Stall[] = [];
  for (const route of routes) {
    for (const [shape, make] of Object.entries(route.mediaType === 'application/json' ? jsonShapes : lineShapes).slice(0, shapes)) {
      for (const bytes of [route.maxBytes, route.maxBytes + 1]) {
        const body = make(route, bytes);
        if (body === undefined) continue;
        let stallMs = Number.POSITIVE_INFINITY;
        for (let attempt = 0; attempt < attempts && stallMs > maxStallMs; attempt += 1) {
          stallMs = Math.min(stallMs, await stallDuring(options, () => send(options, route, body)));
        }
        if (stallMs > maxStallMs) stalls.push({ route: `${route.method} ${route.path}`, shape, bytes, stallMs: Math.round(stallMs) });
      }
    }
  }
  return stalls;
}

type Shape = (route: BodiedRoute, bytes: number) => Buffer | undefined;

/** Bodies that are expensive to parse, each of the given size. */
const jsonShapes: Readonly<Record<string, Shape>> = {
  'nested lists': filledWith('['),
  'nested objects': filledWith('{"a":'),
  'many numbers': (_route, bytes) => Buffer.from(`[${'1,'.repeat((bytes - 3) / 2)}1]`.padEnd(bytes)),
  'many objects': (_route, bytes) => Buffer.from(`[${'{},'.repeat((bytes - 4) / 3)}{}]`.padEnd(bytes)),
  'many names': (_route, bytes) => Buffer.from(`{${namesOf(bytes - 8)}"z":0}`.padEnd(bytes)),
  'a long number': filledWith('7'),
  'a long text of escapes': (_route, bytes) => Buffer.from(`"${'\\u0041'.repeat((bytes - 2) / 6)}"`.padEnd(bytes)),
  'quotes and backslashes': filledWith('"\\\\\\"'),
  'long texts in all fields': longTexts,
};

const lineShapes: Readonly<Record<string, Shape>> = {
  'nested lists': filledWith('['),
  'short lines': filledWith('{}\n'),
  'empty lines': filledWith('\n'),
  'one line of separators': filledWith(';'),
  'quoted lines': filledWith('"";""\n'),
};

function filledWith(part: string): Shape {
  return (_route, bytes) => Buffer.alloc(bytes, part);
}

function namesOf(bytes: number): string {
  const names = [];
  for (let size = 0, index = 0; ; index += 1) {
    const name = `"${index.toString(36)}":0,`;
    size += name.length;
    if (size > bytes) return names.join('');
    names.push(name);
  }
}

/** Each text ends in a character that no pattern allows, so that the whole text is tried. */
function longTexts({ schema }: BodiedRoute, bytes: number): Buffer | undefined {
  const fields = Object.keys(schema.properties ?? {});
  if (fields.length === 0) return undefined;
  const each = Math.floor(bytes / fields.length) - 24;
  return Buffer.from(
    JSON.stringify(Object.fromEntries(fields.map((field) => [field, `${'a'.repeat(Math.max(1, each - field.length))}\n`]))),
  );
}

async function send({ url, headers }: StallOptions, { method, path, mediaType }: BodiedRoute, body: Buffer): Promise<void> {
  sent += 1;
  const all = {
    ...headers,
    'content-type': mediaType,
    'content-length': String(body.byteLength),
    'idempotency-key': `stall-test-${sent}`,
  };
  await new Promise<void>((resolve) => {
    const sending = request(url + path, { method, headers: all, agent: false }, (response) => response.resume().on('close', resolve));
    // The server refused the body before reading all of it, and closed the connection.
    sending.on('error', () => resolve());
    sending.end(body);
  });
}

let sent = 0;

/** The longest time that `/livez` took to answer while the work ran, in CPU time of this thread: other processes do not count. */
async function stallDuring({ url }: StallOptions, work: () => Promise<void>): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await alive(url, agent);
  let working = true;
  const done = work().finally(() => {
    working = false;
  });
  let longest = 0;
  while (working) {
    const start = workedMs();
    await alive(url, agent);
    longest = Math.max(longest, workedMs() - start);
  }
  await done;
  agent.destroy();
  return longest;
}

export function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

async function alive(url: string, agent: Agent): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const asking = request(`${url}/livez`, { agent }, (response) => response.resume().on('end', resolve));
    asking.on('error', reject);
    asking.end();
  });
}
