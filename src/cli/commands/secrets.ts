/** `kontor secrets rotate`: a new key for the secrets in the books. */
import type { HouseCommand } from '../house-command.ts';

export const secretsRotateCommand: HouseCommand = {
  name: 'secrets rotate',
  usage: '',
  says: 'Seals all secrets in the books with a new key, or with the first of SECRETS_KEY.',
  details: [
    'Beside a running house or without one. Where the house keeps its own key (SECRETS_FILE), a new one is put before it, and',
    'running processes read it there; the one before stays in the file, and opens only.',
    'With SECRETS_KEY, give it to all processes as OLD,NEW, then as NEW,OLD, run this, and then as NEW.',
  ].join('\n'),
  operands: { min: 0, max: 0 },
  async run({ visit, print }) {
    const count = await visit(({ secrets }) => secrets.rotate());
    print(`Sealed ${count} secrets with the newest key.`);
    return 0;
  },
};
