/** `kontor cluster`: the house as many processes on this machine. */

import { type AutoscaleRule, defaultRule } from '#cluster/autoscale-rule.ts';
import { isCheckout } from '#cluster/engines.ts';
import { defaultSizes, groupsOf, maxEach } from '#cluster/plan.ts';
import { readRanges } from '#cluster/ranges.ts';
import type { CommandFlag } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { modules } from '#house/modules.ts';
import { placementOf } from '#house/placement.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { withFileValues } from '../file-values.ts';
import type { HouseCall, HouseCommand } from '../house-command.ts';
import { auditBooks, auditFlags } from './audit.ts';

const placement = placementOf(modules);
const sizes = Object.entries(defaultSizes(placement));
const maxDownAfterSeconds = 3_600;

/** Only a checkout has the tool that starts engines; elsewhere their addresses are given as options. */
const enginesFlag: CommandFlag = {
  name: '--engines',
  value: 'NAMES',
  says: 'Engines to start and use, such as kafka,postgres,mongodb; none if left out.',
};

const autoscaleFlags: readonly CommandFlag[] = [
  {
    name: '--autoscale',
    value: 'NAME=MIN..MAX,...',
    says: `Lets the number of processes follow the load, such as flights-web=2..6; of ${groupsOf(placement)
      .map(({ name }) => name)
      .join(', ')}.`,
  },
  {
    name: '--autoscale-down-after',
    value: 'SECONDS',
    says: `How long the load must be low before a process is removed; ${defaultRule.downAfterMs / 1_000} if left out.`,
  },
];

function sizeFlag([name, processes]: readonly [string, number]): CommandFlag {
  return { name: flagFor(name), value: 'COUNT', says: `How many processes of ${name}, 1 to ${maxEach}; ${processes} if left out.` };
}

function flagFor(name: string): string {
  return `--${name}s`;
}

export const clusterUpCommand: HouseCommand = {
  name: 'cluster up',
  usage: '',
  says: 'Opens the house as many processes on this machine, with NGINX before them, and restarts what dies.',
  details: [
    'Publisher, aggregators, flights-web, relay and auditor run in processes of their own; every other role in each live view. They meet on',
    'one SQLite data folder, or on the engines whose addresses are given (STATE_URL, ...). PORT is where NGINX listens, where it is',
    'installed; the processes take the next free ports.',
    '--autoscale adds a process when they use more than 0.6 cores or 16 requests in flight each for 2 seconds, and removes one when the',
    'others would stay below 70 % of that for 30. NGINX gets a new one when it is ready; one that leaves first ends what it began.',
    'Each has its log under DATA_DIR/cluster. Ctrl-C stops everything in order; engines that ran before are left running.',
  ].join('\n'),
  flags: [...(isCheckout() ? [enginesFlag] : []), ...sizes.map(sizeFlag), ...autoscaleFlags],
  operands: { min: 0, max: 0 },
  async run(call) {
    const { clusterUp } = await import('#cluster/cluster.ts');
    const { config } = call.settings;
    const autoscale = call.flag('--autoscale');
    const ranges = autoscale === undefined ? new Map() : readRanges(autoscale, placement);
    for (const name of ranges.keys()) {
      if (call.flag(flagFor(name)) !== undefined)
        throw invalidOption(
          flagFor(name),
          `${flagFor(name)} and --autoscale both say how many processes of ${name} there are: leave one out`,
        );
    }
    return clusterUp({
      config,
      placement,
      sizes: Object.fromEntries(sizes.map(([name, size]) => [name, countOf(call, flagFor(name), size)])),
      ranges,
      rule: ruleOf(call),
      engines: (call.flag('--engines') ?? '').split(',').filter((name) => name !== '' && name !== 'nginx'),
      flags: call.optionFlags,
      note: call.note,
      wait: call.wait,
      progress: call.progress(),
    });
  },
};

export const clusterStatusCommand: HouseCommand = {
  name: 'cluster status',
  usage: '',
  says: 'Shows the processes of the cluster that runs on this data folder.',
  details: 'Exits 0 when all are ready, else 1.',
  operands: { min: 0, max: 0 },
  async run({ settings, print, colour }) {
    const { text, exitCode } = (await import('#cluster/cluster.ts')).clusterStatus(settings.config, colour);
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
    const engines = await (await import('#cluster/cluster.ts')).clusterEnvironment(call.settings.config);
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
  async run({ settings, wait }) {
    const { clusterDown } = await import('#cluster/cluster.ts');
    await wait(() => 'Stopping the cluster', clusterDown(settings.config));
    return 0;
  },
};

function ruleOf(call: HouseCall): AutoscaleRule {
  const flag = '--autoscale-down-after';
  const text = call.flag(flag);
  if (text === undefined) return defaultRule;
  const seconds = Number(text);
  if (/^\d{1,4}$/.test(text) && seconds >= 1 && seconds <= maxDownAfterSeconds) return { ...defaultRule, downAfterMs: seconds * 1_000 };
  throw invalidOption(flag, `${flag} is "${text}", but must be a whole number of seconds from 1 to ${maxDownAfterSeconds}`);
}

function countOf(call: HouseCall, flag: string, otherwise: number): number {
  const text = call.flag(flag) ?? String(otherwise);
  const count = Number(text);
  if (/^\d{1,2}$/.test(text) && count >= 1 && count <= maxEach) return count;
  const message = `${flag} is "${text}", but must be a whole number from 1 to ${maxEach}`;
  throw invalidOption(flag, message);
}
