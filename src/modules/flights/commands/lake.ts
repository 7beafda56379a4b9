/** `kontor flights lake ls|verify`: what the lake has of the log of accesses, and whether it is all there. */
import { alignedColumns } from '#core/command/columns.ts';
import type { Call, Command } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import type { Settings } from '#core/module.ts';
import { hourName } from '../domain/lake-paths.ts';
import type { flightsOptions } from '../options.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { verifyLake } from '../roles/recorder/verify.ts';
import { readHours } from '../store/access/lake-state.ts';

type LakeCall = Call<OwnPorts, Settings<typeof flightsOptions>>;

const shownHours = 10_000;

export const lakeCommand: Command<OwnPorts, Settings<typeof flightsOptions>> = {
  name: 'flights lake',
  usage: 'ls|verify',
  says: 'Lists what the lake has of accesses to flights, or verifies it.',
  details:
    '`verify` reads every file: hashes, rows, numbers without holes, manifests, and files that nobody knows. Exit code 1 when something is missing or damaged.',
  operands: { min: 1, max: 1 },
  async run(call) {
    const [what = ''] = call.operands;
    if (what === 'ls') return list(call);
    if (what === 'verify') return verify(call);
    throw invalidOption('lake', `"${what}" is neither ls nor verify`);
  },
};

async function list({ print, visit }: LakeCall): Promise<number> {
  const hours = await visit(({ state }) => state.read((queries) => readHours(queries, shownHours)));
  const rows = hours.map(({ hour, files, rows, bytes }) => [hourName(hour), String(files), String(rows), String(bytes)]);
  print(alignedColumns([['hour (UTC)', 'files', 'accesses', 'bytes'], ...rows]));
  return 0;
}

async function verify({ print, progress, visit }: LakeCall): Promise<number> {
  const line = progress();
  const { files, rows, manifests, faults } = await visit((ports) => verifyLake(ports, (count) => line.show(() => `file ${count}`)));
  line.clear();
  for (const fault of faults) print(fault);
  print(`${files} files with ${rows} accesses, ${manifests} manifests of hours, ${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}
