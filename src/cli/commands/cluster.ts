/** `kontor cluster`: the house as many processes on this machine. What it does is in deploy/cluster, which the image leaves out. */

import type { Config } from '#config/options.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { KontorError } from '#core/errors.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { withFileValues } from '../file-values.ts';
import type { HouseCall, HouseCommand } from '../house-command.ts';
import { auditBooks, auditFlags } from './audit.ts';

/** What we need of deploy/cluster/cluster.ts. */
interface ClusterProgram {
  clusterUp(options: {
    readonly config: Config;
    readonly roles: readonly { readonly name: string; readonly onlyByName?: string }[];
    readonly engines: readonly string[];
    readonly flags: ReadonlyMap<string, string>;
    readonly aggregators: number;
    readonly liveviews: number;
    note(line: string): void;
  }): Promise<number>;
  clusterStatus(config: Config): { readonly text: string; readonly exitCode: number };
  clusterEnvironment(config: Config): Promise<Readonly<Record<string, string>>>;
  clusterDown(config: Config): Promise<void>;
}

const maxEach = 32;

export const clusterUpCommand: HouseCommand = {
  name: 'cluster up',
  usage: '',
  says: 'Opens the house as many processes on this machine, with NGINX before them, and restarts what dies.',
  details: [
    'Publisher, aggregators, live views, relay and auditor run in processes of their own, on engines that are started as needed:',
    'on one SQLite data folder when none is named. PORT is where NGINX listens; the processes take the next free ports.',
    'Each has its log under DATA_DIR/cluster. Ctrl-C stops everything in order; engines that ran before are left running.',
  ].join('\n'),
  flags: [
    { name: '--engines', value: 'NAMES', says: 'Engines to start and use, such as rabbitmq,postgres,mongodb; none if left out.' },
    { name: '--aggregators', value: 'COUNT', says: 'How many aggregators, 1 to 32; 3 if left out.' },
    { name: '--liveviews', value: 'COUNT', says: 'How many live views, 1 to 32; 2 if left out.' },
  ],
  operands: { min: 0, max: 0 },
  async run(call) {
    const { listRoles } = await import('#house/visit.ts');
    const { clusterUp } = await program();
    const { config } = call.settings;
    return clusterUp({
      config,
      roles: listRoles(config),
      engines: (call.flag('--engines') ?? '').split(',').filter((name) => name !== '' && name !== 'nginx'),
      flags: call.optionFlags,
      aggregators: countOf(call, '--aggregators', 3),
      liveviews: countOf(call, '--liveviews', 2),
      note: call.note,
    });
  },
};

export const clusterStatusCommand: HouseCommand = {
  name: 'cluster status',
  usage: '',
  says: 'Shows the processes of the cluster that runs on this data folder.',
  details: 'Exits 0 when all are ready, else 1.',
  operands: { min: 0, max: 0 },
  async run({ settings, print }) {
    const { text, exitCode } = (await program()).clusterStatus(settings.config);
    print(text);
    return exitCode;
  },
};

export const clusterAuditCommand: HouseCommand = {
  name: 'cluster audit',
  usage: '',
  says: 'Checks every law of conservation on the books of the cluster that runs on this data folder.',
  details: 'As `kontor audit` does, on the engines that the cluster uses; other options as they were for `kontor cluster up`.',
  flags: auditFlags,
  operands: { min: 0, max: 0 },
  async run(call) {
    const engines = await (await program()).clusterEnvironment(call.settings.config);
    return auditBooks(
      readHouseConfig({ environment: withFileValues({ ...process.env, ...engines }), flags: call.optionFlags }).config,
      call,
    );
  },
};

export const clusterDownCommand: HouseCommand = {
  name: 'cluster down',
  usage: '',
  says: 'Stops the cluster that runs on this data folder, in order, and waits for it.',
  operands: { min: 0, max: 0 },
  async run({ settings }) {
    await (await program()).clusterDown(settings.config);
    return 0;
  },
};

function countOf(call: HouseCall, flag: string, otherwise: number): number {
  const text = call.flag(flag) ?? String(otherwise);
  const count = Number(text);
  if (/^\d{1,2}$/.test(text) && count >= 1 && count <= maxEach) return count;
  const message = `${flag} is "${text}", but must be a whole number from 1 to ${maxEach}`;
  throw invalidOption(flag, message);
}

async function program(): Promise<ClusterProgram> {
  // By address, as deploy/ is no room of the house: it is there in a checkout only.
  const address = new URL('../../../deploy/cluster/cluster.ts', import.meta.url).href;
  try {
    return await import(address);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new KontorError('not_found', 'the cluster command needs a checkout of Kontor, with its folders deploy and tools', {
      cause: error,
    });
  }
}
