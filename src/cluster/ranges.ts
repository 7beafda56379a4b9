/** Reads `--autoscale NAME=MIN..MAX,…`: how many processes of a name there may be. */
import { invalidOption } from '#core/command/invalid-option.ts';
import type { Placement } from '#core/module.ts';
import { didYouMean } from '#core/options/nearest.ts';
import type { Range } from './autoscale-rule.ts';
import { groupsOf, maxEach } from './plan.ts';

const flag = '--autoscale';

/** By the name of the placement. The text may name a placement or its role. */
export function readRanges(text: string, placement: readonly Placement[]): ReadonlyMap<string, Range> {
  const ranges = new Map<string, Range>();
  for (const part of text.split(',')) {
    const [, wanted, min, max] = /^\s*([a-z][a-z0-9-]*)=(\d{1,3})\.\.(\d{1,3})\s*$/.exec(part) ?? [];
    if (wanted === undefined) throw refusal(`is "${part}", but must be like flights-web=2..6: a name, and how many processes it may have`);
    const { name } = groupCalled(wanted, placement);
    if (ranges.has(name)) throw refusal(`names ${name} twice`);
    const range = { min: Number(min), max: Number(max) };
    if (range.min < 1 || range.max > maxEach || range.min > range.max) {
      throw refusal(`is "${part}", but the numbers must be from 1 to ${maxEach}, the smaller one first`);
    }
    ranges.set(name, range);
  }
  return ranges;
}

function groupCalled(wanted: string, placement: readonly Placement[]): Placement {
  const groups = groupsOf(placement);
  const group = groups.find(({ name, role }) => name === wanted || role === wanted);
  if (group !== undefined) return group;
  if (placement.some(({ name, role }) => name === wanted || role === wanted)) {
    throw refusal(`names ${wanted}, of which one works while others stand by: more of them make nothing faster`);
  }
  const names = groups.map(({ name }) => name);
  throw refusal(`names "${wanted}"${didYouMean(wanted, names) || `; there are: ${names.join(', ')}`}`);
}

function refusal(message: string) {
  return invalidOption(flag, `${flag} ${message}`);
}
