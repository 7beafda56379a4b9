/** The role that lets people in: their routes, the first admin, and the removal of what has expired. Any number may run. */
import type { FastifyRequest } from 'fastify';
import type { Farewell } from '#core/farewell.ts';
import { keepLease } from '#core/lease.ts';
import type { Role } from '#core/role.ts';
import { addRoutes } from '#http/route.ts';
import type { Web } from '#http/types.ts';
import { adminRoutes } from '../api/admin-routes.ts';
import { entranceRoutes } from '../api/entrance-routes.ts';
import { ownRoutes } from '../api/own-routes.ts';
import type { Passwords } from '../domain/passwords.ts';
import type { SessionRules } from '../domain/sessions.ts';
import { openPasswords } from '../engines/argon2.ts';
import { type AdminPassword, openFirstAdmin } from '../store/accounts/admin.ts';
import type { PeopleContext } from '../store/context.ts';
import { keepSigningKeys } from '../store/sessions/signing-keys.ts';
import { keepPeople, sendLetters } from './keeping.ts';

export interface PeopleRoleOptions {
  readonly sessionRules: SessionRules;
  readonly adminEmail: string;
  /** What links in letters begin with. */
  readonly publicOrigin: string | undefined;
  /** Whether they begin with the host of the request where there is no `publicOrigin`; else letters have no links. */
  readonly linksByRequest: boolean;
  /** What the modules do when an account is closed. */
  readonly farewells: readonly Farewell[];
  /** Shows the first admin's password to the person at the terminal, and to no log. */
  announce(admin: AdminPassword): void;
  readonly passwords?: Passwords;
}

export function peopleRole(options: PeopleRoleOptions): Role<Web> {
  return {
    name: 'people',
    says: 'Lets people in: accounts, sessions, second factor, access tokens, signed tokens.',
    needs: [],
    instances: 'many',
    async start({ ports }) {
      const seal = await ports.secrets.unlock();
      const { passwords = openPasswords(), sessionRules } = options;
      const context: PeopleContext = { ports, seal, passwords, sessionRules };
      await keepSigningKeys(context);
      const admin = await openFirstAdmin(ports, context.passwords, options.adminEmail);
      if (admin !== undefined) options.announce(admin);
      const lease = keepLease({
        ports,
        name: 'people',
        whileHeld: async (signal) => {
          await Promise.all([keepPeople(context, ports, signal), sendLetters(ports, signal)]);
        },
      });
      const originFor = (request: FastifyRequest) => options.publicOrigin ?? (options.linksByRequest ? originOf(request) : undefined);
      const routes = [
        ...entranceRoutes({ context, originFor }),
        ...ownRoutes({ context, originFor, farewells: options.farewells }),
        ...adminRoutes(context),
      ];
      return {
        web: { routes: (server) => addRoutes(server, routes) },
        status: () => ({ ready: true, says: 'active' }),
        stop: () => lease.stop(),
      };
    },
  };
}

/** By the `Host` that the server has checked: `request.host` would be what a proxy says. */
function originOf({ protocol, headers }: FastifyRequest): string {
  return `${protocol}://${headers.host}`;
}
