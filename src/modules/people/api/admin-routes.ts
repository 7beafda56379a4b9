/** Routes for admins: accounts, their roles and locks, the audit trail, and the signing keys. */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { refusal } from '#core/errors.ts';
import { forAccounts, requireAdmin } from '#http/sessions.ts';
import type { PeopleReasons } from '../domain/reasons.ts';
import { findAccount, listAccounts, type StoredAccount } from '../store/accounts/accounts.ts';
import { changeRole, lockAccount } from '../store/accounts/admin.ts';
import { listEvents } from '../store/accounts/events.ts';
import type { PeopleContext } from '../store/context.ts';
import { replaceSigningKeys } from '../store/sessions/signing-keys.ts';
import { AccountChange, AccountForAdmin, Accounts, AccountsQuery, AllEventsQuery, OneId, SecurityEvents } from './schemas.ts';

const about = { tags: ['people'], security: forAccounts };

export function addAdminRoutes(server: FastifyInstance, { ports }: PeopleContext): void {
  server.get<{ Querystring: AccountsQuery }>(
    '/api/people/accounts',
    { schema: { ...about, summary: 'All accounts, by address (admins)', querystring: AccountsQuery, response: { 200: Accounts } } },
    async (request) => {
      await requireAdmin(request);
      const { limit } = request.query;
      const accounts = await ports.state.read((queries) => listAccounts(queries, { ...request.query, limit: limit + 1 }));
      const page = accounts.slice(0, limit).map(forAdmin);
      return { accounts: page, next: accounts.length > limit ? (page.at(-1)?.email ?? null) : null };
    },
  );

  server.patch<{ Params: OneId; Body: AccountChange }>(
    '/api/people/accounts/:id',
    {
      schema: {
        ...about,
        summary: "Change an account's role, lock or unlock it (admins)",
        description: 'Ends its sessions. Not for one’s own account, so that the house keeps an admin.',
        params: OneId,
        body: AccountChange,
        response: { 200: AccountForAdmin },
      },
    },
    async (request) => {
      const admin = await requireAdmin(request);
      const { id } = request.params;
      const { role, locked } = request.body;
      if (id === admin.id)
        throw refusal<PeopleReasons>(
          'forbidden',
          { name: 'not-yourself', values: {} },
          'Nobody may lock or demote himself: ask another admin.',
        );
      const by = { name: admin.email, address: request.ip };
      if (role !== undefined) await changeRole(ports, id, role, by);
      if (locked !== undefined) await lockAccount(ports, id, locked, by);
      const account = await ports.state.read((queries) => findAccount(queries, id));
      if (account === undefined)
        throw refusal<PeopleReasons>(
          'not_found',
          { name: 'no-account', values: {} },
          'There is no such account: GET /api/people/accounts lists all.',
        );
      return forAdmin(account);
    },
  );

  server.get<{ Querystring: AllEventsQuery }>(
    '/api/people/events',
    { schema: { ...about, summary: 'The audit trail (admins)', querystring: AllEventsQuery, response: { 200: SecurityEvents } } },
    async (request) => {
      await requireAdmin(request);
      const { account: personId, before, limit } = request.query;
      const page = await ports.state.read((queries) => listEvents(queries, { personId, before, limit }));
      return { ...page, events: [...page.events] };
    },
  );

  server.post(
    '/api/people/signing-keys/replace',
    {
      schema: {
        ...about,
        summary: 'Replace the keys that sign tokens (admins)',
        description: 'For when a private key may have leaked: tokens signed so far are refused as soon as their verifiers look again.',
        response: { 204: Type.Null({ description: 'Done' }) },
      },
    },
    async (request, reply) => {
      await requireAdmin(request);
      await replaceSigningKeys(ports);
      return reply.code(204).send(null);
    },
  );
}

function forAdmin({ id, email, name, role, locked, createdAt }: StoredAccount): AccountForAdmin {
  return { id, email, name, role, locked, createdAt };
}
