/** The role errands-desk: hands runs to miners and takes their answers, fails what nobody fetched in time, and pays. Any number may run. */

import type { Role, RoleContext, Service } from '#core/role.ts';
import { statusOf } from '#core/role-status.ts';
import { addRoutes } from '#http/route.ts';
import type { Web } from '#http/types.ts';
import { openDesk } from '../api/desk/desk.ts';
import { deskRoutes } from '../api/desk/routes.ts';
import { deskSocket } from '../api/desk/socket.ts';
import { openCompletion } from '../completion/completion.ts';
import { type ErrandsSettings, hostRules } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { startFailing } from './desk/failing.ts';
import { startSettling } from './desk/settling.ts';

export function deskRole(settings: ErrandsSettings): Role<Web, OwnPorts> {
  return {
    name: 'errands-desk',
    says: 'Hands runs to miners and takes their answers.',
    needs: ['relay'],
    instances: 'many',
    start: (context) => startDesk(settings, context),
  };
}

async function startDesk(settings: ErrandsSettings, { ports, fail }: RoleContext<OwnPorts>): Promise<Service<Web>> {
  const log = ports.log.child({ role: 'errands-desk' });
  const desk = openDesk({ ...ports, log }, openCompletion(ports, settings), hostRules(settings), fail);
  const failing = startFailing({ ...ports, log }, fail);
  const settling = startSettling({ ...ports, log }, fail);
  return {
    web: {
      routes: (server) => addRoutes(server, deskRoutes(desk)),
      sockets: [deskSocket(desk, ports.clock, log)],
    },
    status: () => statusOf([desk, failing, settling]),
    drain: () => desk.sendAway(),
    async stop() {
      await Promise.all([desk.stop(), failing.stop(), settling.stop()]);
    },
  };
}
