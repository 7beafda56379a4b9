/** Flags of every command that talks to a house. */
import type { CommandFlag } from '#core/command/command.ts';

export const accessFlags: readonly CommandFlag[] = [
  {
    name: '--url',
    value: 'URL',
    says: 'The house, or several instances of it separated by commas; else KONTOR_URL, else http://127.0.0.1:3000.',
  },
  { name: '--token', value: 'TOKEN', says: 'A personal access token; else KONTOR_TOKEN, or the file that KONTOR_TOKEN_FILE names.' },
];
