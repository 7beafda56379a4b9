/** Desks for tests: routes and sockets on web servers, on one State, where a token is the name of its account. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { TestContext } from 'node:test';
import type { Account } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import { addRoutes } from '#http/route.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { openDesk } from '../api/desk/desk.ts';
import { deskRoutes } from '../api/desk/routes.ts';
import { deskSocket } from '../api/desk/socket.ts';
import { openCompletion } from '../completion/completion.ts';
import type { ErrandsSettings } from '../domain/settings.ts';
import { openReader } from '../engines/reader/threaded-reader.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { type ErrandsWorld, openErrandsWorld } from './errands-world.ts';
import { portOf } from './ports.ts';

export interface TestDesk {
  readonly url: string;
  /** Asks over HTTP, as an account. */
  ask(as: string, what: string, body: unknown): Promise<{ readonly status: number; readonly json: Answered }>;
  stop(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of the answer, and fails when it differs
type Answered = any;

export interface DeskHouse {
  readonly world: ErrandsWorld;
  readonly clock: ManualClock;
  /** One of several desks on the same books. */
  desk(): Promise<TestDesk>;
}

/** Time flows, so that claims can wait. */
export async function openDeskHouse(t: TestContext, { atOnce = 1_000 }: { atOnce?: number | undefined } = {}): Promise<DeskHouse> {
  const clock = manualClock({ flowing: true });
  const desks: TestDesk[] = [];
  // Before the State is closed.
  t.after(() => Promise.all(desks.map((desk) => desk.stop())));
  const world = await openErrandsWorld(await temporaryState(t), { clock });
  const lake = { create: async () => 'created' as const };
  const reader = openReader({ clock });
  t.after(() => reader.close());
  const ports = { ...world.ports, lake, reader, metrics: silentMetrics() } as unknown as Ports & Pick<OwnPorts, 'reader'>;
  const accountNamed = (id: string): Account => ({ id, email: `${id}@example.org`, name: id, role: 'member' });
  return {
    world,
    clock,
    async desk() {
      const completion = openCompletion(ports, { demo: true, errandsInlineKb: 32 } as ErrandsSettings);
      const desk = openDesk(ports, completion, { allowed: [], atOnce }, (error) => assert.fail(String(error)));
      const server = await startTestWebServer(t, {
        webs: [{ routes: (fastify) => addRoutes(fastify, deskRoutes(desk)), sockets: [deskSocket(desk, clock, ports.log)] }],
        clock,
        limits: { requestsPerMinute: 0 },
        sessions: {
          demo: false,
          identify: async ({ secret }) => {
            const name = secret.replace('kontor_pat_', '');
            if (name === 'stranger') return undefined;
            return {
              account: accountNamed(name),
              kind: 'access-token',
              id: name,
              scopes: name === 'reader' ? ['read'] : ['read', 'write'],
            };
          },
        },
      });
      let stopped: Promise<void> | undefined;
      const stop = () => {
        stopped ??= desk
          .sendAway()
          .then(() => desk.stop())
          .then(() => server.stop());
        return stopped;
      };
      const opened: TestDesk = {
        url: `http://127.0.0.1:${server.port}`,
        stop,
        async ask(as, what, body) {
          const answer = await server.send(`/api/errands/desk/${what}`, {
            method: 'POST',
            headers: { authorization: `Bearer kontor_pat_${as}`, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          });
          return { status: answer.status, json: answer.json() };
        },
      };
      desks.push(opened);
      return opened;
    },
  };
}

export function claimOf(wish: { readonly max?: number; readonly waitMs?: number; readonly machine?: string } = {}) {
  return { machine: 'm1', version: '1', concurrency: 8, max: 10, waitMs: 0, ...wish };
}

/** A small site, which counts what it is asked for. */
export async function openSite(t: TestContext, answer: (path: string) => string | Promise<string> = (path) => `page ${path}`) {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    void Promise.resolve(answer(request.url ?? '')).then((text) => response.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${portOf(server)}`, asked };
}
