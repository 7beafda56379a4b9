/** `kontor mine` */
import type { ClientCommand } from '#core/command/command.ts';
import { accessFlags } from './access-flags.ts';

export const mineCommand: ClientCommand = {
  name: 'mine',
  usage: '',
  says: 'Fetches pages for the errands of others, and earns a coin for each.',
  details: [
    'It claims runs from any desk of the house, fetches their pages and answers them, until Ctrl-C or SIGTERM: then it finishes what it is',
    'fetching, gives the rest back, and ends. Coins are paid when answers are settled. The protocol is in docs/errands-desk-protocol.md.',
    '',
    'Addresses of private networks are never fetched; --allow names hosts that are, such as 127.0.0.1:8080.',
  ].join('\n'),
  flags: [
    { name: '--concurrency', value: 'N', says: 'Pages that are fetched at the same time; 32 if left out.' },
    { name: '--machine', value: 'NAME', says: 'What this machine is called on the page of your account; its host name if left out.' },
    { name: '--allow', value: 'HOST:PORT', says: 'Hosts that are fetched from although they are private, separated by commas.' },
    ...accessFlags,
  ],
  operands: { min: 0, max: 0 },
  async run(call) {
    const { mine } = await import('../client/mine/mine.ts');
    return mine(call);
  },
};
