/** Serves the demonstration's site. It is no part of the API, and not in its documentation. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#core/ports/clock.ts';
import { isMoodyAt } from './happenings.ts';
import { failingPage, moodyPage, newsPage, pricesJson, pricesPage, sitePath, siteStyle, slowPage, startPage } from './site-pages.ts';

const slowMs = 3_000;
const html = 'text/html; charset=utf-8';

interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly text: string;
}

export function addDemoSite(server: FastifyInstance, clock: Clock): void {
  const add = (path: string, answer: (now: number, request: FastifyRequest) => Answer | Promise<Answer>) =>
    server.get(`${sitePath}${path}`, { schema: { hide: true } }, async (request, reply): Promise<FastifyReply> => {
      const { status = 200, type, text } = await answer(clock.now(), request);
      return reply.code(status).header('cache-control', 'no-store').type(type).send(text);
    });
  const addPage = (path: string, text: (now: number) => string) => add(path, (now) => ({ type: html, text: text(now) }));

  addPage('', startPage);
  addPage('/prices', pricesPage);
  addPage('/news', newsPage);
  add('/prices.json', (now) => ({ type: 'application/json; charset=utf-8', text: pricesJson(now) }));
  add('/style.css', () => ({ type: 'text/css; charset=utf-8', text: siteStyle }));
  // Without Retry-After: it would be honoured for the whole host.
  add('/moody', (now) => (isMoodyAt(now) ? { status: 503, type: html, text: failingPage() } : { type: html, text: moodyPage() }));
  add('/slow', async (_now, request) => {
    await clock.sleep(slowMs, request.signal);
    return { type: html, text: slowPage() };
  });
}
