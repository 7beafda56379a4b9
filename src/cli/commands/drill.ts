/** `kontor drill`: load, faults and recovery on a house of its own, and whether the books hold what clients were told. */
import { randomInt } from 'node:crypto';
import { invalidOption } from '#core/command/invalid-option.ts';
import { type FaultKind, faultKinds } from '#drill/faults.ts';
import { type GroundName, groundNames } from '#drill/ground/ground.ts';
import type { DrillRequest } from '#drill/run.ts';
import type { HouseCall, HouseCommand } from '../house-command.ts';

const defaultMinutes = 2;
const maxMinutes = 24 * 60;
const maxSeed = 2 ** 31;
const reportKinds = /\.(html|json)$/;

export const drillCommand: HouseCommand = {
  name: 'drill',
  usage: '',
  says: 'Breaks a house of its own under load, and proves that nothing is lost and nothing doubled.',
  details: [
    'Opens a house on a private folder, with customers on all markets, and lets faults happen, one after the other, each when everything works',
    'again. Then it audits the laws, and compares what its clients were told with the books. Your own house is not touched.',
    'Exits 0 when all of it holds; else 1, with the seed and the command that repeats it. What is promised: docs/drill.md.',
  ].join('\n'),
  flags: [
    {
      name: '--minutes',
      value: 'MINUTES',
      says: `How long faults happen; ${defaultMinutes} if left out, and fractions such as 0.5 are allowed.`,
    },
    { name: '--seed', value: 'NUMBER', says: 'The faults follow from it; any if left out, and then it says which.' },
    { name: '--faults', value: 'NAMES', says: `Which faults: ${faultKinds.join(',')}; all that are possible if left out.` },
    { name: '--on', value: groundNames.join('|'), says: 'One process on embedded engines (if left out), or many processes.' },
    { name: '--engines', value: 'NAMES', says: 'With --on cluster: engines to start for it, such as postgres,rabbitmq.' },
    { name: '--report', value: 'FILE,...', says: 'Writes the report: FILE.html for people, FILE.json for programs, or both.' },
  ],
  operands: { min: 0, max: 0 },
  async run(call) {
    const request = requestOf(call);
    const { drillAndTell } = await import('#drill/run.ts');
    return drillAndTell(request, call);
  },
};

function requestOf({ flag, optionFlags }: HouseCall): DrillRequest {
  const [other] = [...optionFlags.keys()].filter((name) => name !== '--log-level');
  if (other !== undefined) throw invalidOption(other, `kontor drill opens a house of its own, whose options are given: leave ${other} out`);
  const on = oneOf<GroundName>('--on', flag('--on') ?? 'embedded', groundNames);
  const engines = listIn(flag('--engines'));
  if (engines.length > 0 && on === 'embedded') throw invalidOption('--engines', '--engines goes with --on cluster');
  const faults = flag('--faults');
  const reports = listIn(flag('--report'));
  for (const file of reports)
    if (!reportKinds.test(file)) throw invalidOption('--report', `--report is "${file}", but must end in .html or .json`);
  return {
    minutes: numberIn('--minutes', flag('--minutes') ?? String(defaultMinutes), { most: maxMinutes, fractions: true }),
    seed: numberIn('--seed', flag('--seed') ?? String(randomInt(maxSeed)), { most: maxSeed, fractions: false }),
    on,
    engines,
    faults: faults === undefined ? undefined : listIn(faults).map((name) => oneOf<FaultKind>('--faults', name, faultKinds)),
    reports,
  };
}

function listIn(text: string | undefined): readonly string[] {
  return [...new Set((text ?? '').split(',').map((name) => name.trim()))].filter((name) => name !== '');
}

function oneOf<Name extends string>(flag: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw invalidOption(flag, `${flag} names "${text}", but there are ${names.join(', ')}`);
}

function numberIn(flag: string, text: string, { most, fractions }: { readonly most: number; readonly fractions: boolean }): number {
  const pattern = fractions ? /^\d{1,5}(\.\d{1,4})?$/ : /^\d{1,10}$/;
  const value = Number(text);
  if (pattern.test(text) && value <= most && (value > 0 || !fractions)) return value;
  throw invalidOption(flag, `${flag} is "${text}", but must be a ${fractions ? 'number above 0' : 'whole number'} of at most ${most}`);
}
