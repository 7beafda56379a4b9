/** Where the processes of the cluster reach its supervising process: it tells how all parts are, pulls plugs, and says which fault a process is to have. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCodes, KontorError } from '#core/errors.ts';
import { type FaultReport, faultReports, type Plug, type Plugs, type ProcessFault, pullKinds } from '#core/plugs.ts';

const maxBodyBytes = 1_024;

export interface Controlled extends Plugs {
  /** The fault that the process with this name is to have now. */
  faultOf(name: string): ProcessFault | undefined;
  /** Of the pull with this id. */
  reported(name: string, id: string, report: FaultReport): void;
}

export interface ControlServer {
  /** CLUSTER_CONTROL of the process with this name. */
  controlOf(name: string): string;
  close(): Promise<void>;
}

/** On 127.0.0.1, for those who have the secret: the processes that the cluster starts. */
export async function serveControl(controlled: Controlled): Promise<ControlServer> {
  const secret = randomBytes(32).toString('hex');
  const server = createServer(async (request, answer) => {
    try {
      await serve(controlled, secret, request, answer);
    } catch (error) {
      const { code, message } = error instanceof KontorError ? error : new KontorError('internal', (error as Error).message);
      send(answer, errorCodes[code].status, { code, message });
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    controlOf: (name) => `http://kontor:${secret}@127.0.0.1:${port}/${name}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(controlled: Controlled, secret: string, request: IncomingMessage, answer: ServerResponse): Promise<void> {
  if (!isSame(request.headers.authorization ?? '', `Bearer ${secret}`))
    throw new KontorError('forbidden', 'the secret is missing or wrong');
  const asked = `${request.method} ${request.url}`;
  if (asked === 'GET /house') return send(answer, 200, await controlled.look());
  const [, method, name] = /^(GET|POST) \/faults\/([a-z0-9-]{1,60})$/.exec(asked) ?? [];
  if (name !== undefined && method === 'GET') return send(answer, 200, { fault: controlled.faultOf(name) ?? null });
  if (name !== undefined) {
    const { id, report } = reportIn(await bodyOf(request));
    controlled.reported(name, id, report);
    return send(answer, 200, {});
  }
  if (asked !== 'POST /pulls') throw new KontorError('not_found', 'there is nothing here');
  const { id, plug } = pullIn(await bodyOf(request));
  await controlled.pull(id, plug);
  send(answer, 202, {});
}

/** Of hashes, which have the same length. */
function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > maxBodyBytes) throw new KontorError('too_large', `a pull has at most ${maxBodyBytes} bytes`);
  }
  return text;
}

/** Empty when it is no JSON: it is refused for what is missing. */
function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function reportIn(text: string): { readonly id: string; readonly report: FaultReport } {
  const { id, report: said } = fieldsOf(text);
  const report = faultReports.find((one) => one === said);
  if (report === undefined || typeof id !== 'string') throw new KontorError('invalid_input', 'this is no report of a fault');
  return { id, report };
}

function pullIn(text: string): { readonly id: string; readonly plug: Plug } {
  const sent = fieldsOf(text);
  const kind = pullKinds.find((one) => one === sent.kind);
  const { id, target } = sent;
  if (kind === undefined || typeof id !== 'string' || typeof target !== 'string') throw new KontorError('invalid_input', 'this is no pull');
  return { id, plug: { kind, target } };
}

function send(answer: ServerResponse, status: number, body: object): void {
  answer.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
}
