/** `kontor doctor` */
import { alignedColumns } from '#core/command/columns.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import type { Finding } from '#house/doctor/finding.ts';
import type { HouseCommand } from '../house-command.ts';

export const doctorCommand: HouseCommand = {
  name: 'doctor',
  usage: '',
  says: 'Looks at what a house needs here, and says what is wrong and what to do.',
  details: [
    'Node, memory, open files, the port, the data folder and its disk, every engine that an address names, and the clock. It changes nothing,',
    'but for a file of a megabyte in the data folder that it removes again. Exits 1 when something is wrong, and else 0.',
  ].join('\n'),
  flags: [
    { name: '--json', says: 'What was found as JSON.' },
    { name: '--clock', value: 'URL', says: 'A web server whose clock is compared with ours.' },
  ],
  operands: { min: 0, max: 0 },
  async run({ settings, flag, print, colour, wait }) {
    const clockServer = flag('--clock');
    if (clockServer !== undefined && !/^https?:\/\/[^\s/]/.test(clockServer))
      throw invalidOption('--clock', `--clock is "${clockServer}", but must be an address such as https://kontor.example`);
    const { examine } = await import('#house/doctor/doctor.ts');
    const findings = await wait(() => 'Looking', examine({ config: settings.config, clockServer }));
    const isWrong = findings.some(({ verdict }) => verdict === 'wrong');
    if (flag('--json') !== undefined) print(JSON.stringify({ good: !isWrong, findings }, undefined, 2));
    else {
      const marks = { good: colour('green', 'good'), open: 'open', doubtful: colour('yellow', 'doubtful'), wrong: colour('red', 'WRONG') };
      print(alignedColumns(findings.map(({ about, verdict, says }) => [marks[verdict], about, says])));
      print(conclusionOf(findings));
    }
    return isWrong ? 1 : 0;
  },
};

function conclusionOf(findings: readonly Finding[]): string {
  const mends = findings.flatMap(({ about, advice }) => (advice === undefined ? [] : [`  - ${about}: ${advice}`]));
  return mends.length === 0 ? '\nNothing is wrong.' : `\nWhat to do:\n${mends.join('\n')}`;
}
