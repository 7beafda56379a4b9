/** A RabbitMQ for one test, which may kill it and raise alarms; removed after the test. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { readJson } from '#cluster/processes.ts';
import { enginesFolder } from '../../tools/engines/place.ts';
import { type RabbitmqServer, startRabbitmq } from '../../tools/engines/rabbitmq.ts';
import { softwareFor } from '../../tools/engines/software.ts';

export interface OwnRabbitmq extends RabbitmqServer {
  /** Runs `rabbitmqctl` on the first node. */
  control(...args: readonly string[]): void;
}

let servers = 0;

export async function ownRabbitmq(nodes: number): Promise<OwnRabbitmq> {
  const softwareFolder = enginesFolder();
  servers += 1;
  const folder = path.join(softwareFolder, `test-rabbitmq-${process.pid}-${servers}`);
  const server = await startRabbitmq({ folder, softwareFolder, nodes });
  return {
    ...server,
    control: (...args) => control(folder, softwareFolder, args),
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function control(folder: string, softwareFolder: string, args: readonly string[]): void {
  const need = { packages: ['rabbitmq-server'], program: 'usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmqctl' };
  const { program, root, environment } = softwareFor(need, softwareFolder);
  const settings = readJson<{ cookie: string; portMapperPort: number }>(path.join(folder, 'settings.json'));
  const result = spawnSync(program, ['--node', 'rabbit1@localhost', '--erlang-cookie', settings?.cookie ?? '', ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      ...environment,
      PATH: `${path.join(root, '/usr/lib/erlang/bin')}:${process.env.PATH ?? ''}`,
      HOME: folder,
      LANG: 'C.UTF-8',
      ERL_EPMD_PORT: String(settings?.portMapperPort),
    },
  });
  if (result.status !== 0) throw new Error(`rabbitmqctl ${args.join(' ')} failed: ${result.stderr} ${result.stdout}`);
}
