/** The routes that orchestrators and monitors call: liveness, readiness and metrics. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Metrics } from '#core/ports/metrics.ts';
import type { RoleStatus } from '#core/role.ts';

/** The state of this process's roles, by name. */
export interface Readiness {
  readonly ready: boolean;
  readonly roles: Readonly<Record<string, RoleStatus>>;
}

/** The metrics, and their text for a scraper. */
export interface MetricsSource {
  readonly metrics: Metrics;
  readonly contentType: string;
  text(): Promise<string>;
}

export interface HealthOptions {
  ready(): Readiness | Promise<Readiness>;
  draining(): boolean;
  readonly metrics: MetricsSource;
  /** Brings metrics up to date, before they are read. */
  update(): void;
}

const Alive = Type.Object({ alive: Type.Literal(true) });
const Ready = Type.Object({
  ready: Type.Boolean(),
  draining: Type.Boolean({ description: 'True while the process is stopping' }),
  roles: Type.Record(Type.String(), Type.Object({ ready: Type.Boolean(), says: Type.String() })),
});

/** Machines call these every few seconds: no rate limit applies, failures are not logged, and they are answered while draining. */
const healthConfig = { health: true } as const;

export function addHealthRoutes(server: FastifyInstance, { ready, draining, metrics, update }: HealthOptions): void {
  for (const path of ['/healthz', '/livez']) {
    server.get(
      path,
      { config: healthConfig, schema: { tags: ['house'], summary: 'Whether the process is alive', response: { 200: Alive } } },
      async (_request, reply) => reply.header('cache-control', 'no-store').send({ alive: true }),
    );
  }

  for (const path of ['/ready', '/readyz']) {
    server.get(
      path,
      {
        config: healthConfig,
        schema: { tags: ['house'], summary: 'The state of each role; 503 while one is not ready', response: { 200: Ready, 503: Ready } },
      },
      async (_request, reply) => {
        const state = await ready();
        const usable = state.ready && !draining();
        return reply
          .code(usable ? 200 : 503)
          .header('cache-control', 'no-store')
          .send({ ready: usable, draining: draining(), roles: state.roles });
      },
    );
  }

  server.get(
    '/metrics',
    {
      config: healthConfig,
      schema: {
        tags: ['house'],
        summary: 'Metrics, in the text format of Prometheus',
        produces: ['text/plain'],
        response: { 200: Type.String() },
      },
    },
    async (_request, reply) => {
      update();
      return reply
        .header('cache-control', 'no-store')
        .type(metrics.contentType)
        .send(await metrics.text());
    },
  );
}
