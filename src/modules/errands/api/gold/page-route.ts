/** Serves gold pages. They are no part of the API, and not in its documentation. */
import type { FastifyInstance } from 'fastify';
import type { Ports } from '#core/ports/ports.ts';
import { goldPage, goldPath } from '../../domain/trust/gold.ts';
import { findNonce } from '../../store/trust/gold-runs.ts';

export function addGoldPages(server: FastifyInstance, { state }: Pick<Ports, 'state'>): void {
  server.get<{ Params: { token: string } }>(`${goldPath}/:token`, { schema: { hide: true } }, async ({ params: { token } }, reply) => {
    const nonce = token.length > 64 ? undefined : await state.read((queries) => findNonce(queries, token));
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
    return nonce === undefined ? reply.code(404).send('<!doctype html><title>Not found</title>') : reply.send(goldPage(nonce));
  });
}
