/** A miner of a simulated world: claims runs, fetches pages, and answers; sometimes twice, late, with a failure, or never. */
import type { Hosts } from '../engines/hosts.ts';
import { attempt, type Person, pause } from './person.ts';

const machine = 'm1';
const attempts = 4;

export async function mine(person: Person, hosts: Hosts): Promise<void> {
  const { client, random, timeline } = person;
  const body = { machine, version: 'simulated', concurrency: 4, max: 1 + random.int(6), waitMs: random.int(2) === 0 ? 0 : 4_000 };
  const claimed = await attempt(() => client('POST', '/api/errands/desk/claim', { body }));
  if (claimed === undefined || claimed.runs.length === 0) return pause(person, 500, 3_000);
  await pause(person, 50, random.int(12) === 0 ? 45_000 : 1_500);
  const leases = claimed.runs.map(({ lease }) => lease);
  // A machine that is switched off says nothing more.
  if (random.int(15) === 0) return;
  if (random.int(15) === 0) return void (await attempt(() => client('POST', '/api/errands/desk/release', { body: { leases } })));
  const answers = claimed.runs.map(({ lease, address }) => {
    if (random.int(12) === 0) return { lease, failure: 'connect_failed' };
    const page = Buffer.from(hosts.page(address, timeline.nowMs)).toString('base64');
    return { lease, status: 200, finalAddress: address, contentType: 'text/plain; charset=utf-8', body: page };
  });
  const complete = () => client('POST', '/api/errands/desk/complete', { body: { machine, answers } });
  if (random.int(8) === 0) void attempt(complete);
  for (let tried = 0; tried < attempts; tried += 1) {
    if ((await attempt(complete)) !== undefined) return;
    await pause(person, 300, 4_000);
  }
}
