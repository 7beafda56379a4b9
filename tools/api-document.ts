/** The OpenAPI document of the routes of all modules, without a house. */
import { fastify } from 'fastify';
import { addDocumentation } from '#http/documentation.ts';
import type { ApiDocument } from '#http/openapi.ts';
import { addRoutes } from '#http/route.ts';
import { allContracts } from './access-table.ts';

export async function documentOfContracts(): Promise<ApiDocument> {
  const server = fastify();
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => () => '');
  addDocumentation(server, { version: '', sockets: [] });
  const contracts = await allContracts();
  addRoutes(
    server,
    contracts.map((contract) => ({ contract, handler: () => undefined })),
  );
  return (await server.inject('/api/openapi.json')).json();
}
