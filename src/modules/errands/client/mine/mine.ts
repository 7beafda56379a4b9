/** `kontor mine`: claims runs, fetches their pages, many at a time, and answers them in batches until it is told to stop. */

import { hostname } from 'node:os';
import type { ClientCall } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { openFetch } from '../../engines/fetch/http-fetch.ts';
import { readAccess } from '../house-client.ts';
import { clientClock } from './client-clock.ts';
import { openDeskLink } from './desk-link.ts';
import { Miner } from './miner.ts';

const progressMs = 250;
const defaultConcurrency = 32;
const maxConcurrency = 256;

export async function mine(call: ClientCall): Promise<number> {
  const access = readAccess(call);
  const concurrency = concurrencyIn(call.flag('--concurrency'));
  const machine = machineIn(call.flag('--machine'));
  const progress = call.progress();
  const say = (line: string) => {
    progress.clear();
    call.note(line);
  };
  // Pages of the house itself may be fetched wherever it is: its owner gave its address.
  const rules = { allow: [...access.addresses.map(hostOf), ...(call.flag('--allow')?.split(',') ?? [])] };
  const fetch = openFetch({ clock: clientClock, rules });
  const link = openDeskLink(access, {
    onOpen: () => say(`mining for ${link.address()} as ${machine}, ${concurrency} pages at a time; Ctrl-C ends it`),
    onBroken: (why, pauseMs) => say(`${why}; trying again in ${(pauseMs / 1_000).toFixed(1)} s`),
  });
  const miner = new Miner({ link, fetch, clock: clientClock, machine, concurrency, onRefused: say });
  const stopping = stopOnSignals(say);
  const timer = setInterval(() => progress.show(() => miner.progress()), progressMs);
  try {
    await miner.run(stopping);
    return 0;
  } finally {
    clearInterval(timer);
    progress.clear();
    call.note(miner.summary());
    link.close();
    await fetch.close();
  }
}

/** Aborts at the first signal; a second one ends the process. */
function stopOnSignals(say: (line: string) => void): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      say('finishing what is being fetched, and giving the rest back');
      stopping.abort();
    });
  return stopping.signal;
}

function hostOf(address: string): string {
  const { hostname: name, port, protocol } = new URL(address);
  return `${name}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

function concurrencyIn(text: string | undefined): number {
  const count = Number(text ?? defaultConcurrency);
  if (Number.isInteger(count) && count >= 1 && count <= maxConcurrency) return count;
  throw invalidOption('--concurrency', `--concurrency is a number from 1 to ${maxConcurrency}, not "${text}"`);
}

function machineIn(text: string | undefined): string {
  const name =
    text ??
    hostname()
      .replaceAll(/[^A-Za-z0-9._-]/g, '-')
      .slice(0, 60);
  if (/^[A-Za-z0-9._-]{1,60}$/.test(name)) return name;
  throw invalidOption('--machine', `"${name}" is no name of a machine: letters, digits, dots and dashes, at most 60`);
}
