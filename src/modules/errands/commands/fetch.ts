/** `kontor errands fetch` */
import type { ClientCommand } from '#core/command/command.ts';
import { accessFlags } from './access-flags.ts';

export const fetchCommand: ClientCommand = {
  name: 'errands fetch',
  usage: '',
  says: 'Saves the results of your errands as files, as they arrive.',
  details: [
    'Each page becomes a file in the folder of --to, and a line of index.jsonl there, which also says how far it came: ended at any',
    'moment and started again, it goes on where it was, without a gap or a double. It runs until Ctrl-C; with --once, until all is saved.',
    '',
    '--name says what files are called: {order}, {number}, {feed}, {due}, {date}, {time}, {slot}, {host}, {status}, {changed} and {ext}, with',
    'folders between slashes. docs/errands-results.md tells more.',
  ].join('\n'),
  flags: [
    { name: '--to', value: 'DIR', says: 'The folder for the files; it is made if it is missing.' },
    { name: '--order', value: 'ORDER', says: 'Only results of this order, such as KE-7G2M-Q0ZD-41XB; else of all.' },
    { name: '--name', value: 'TEMPLATE', says: 'The names of files; {order}/{due}-{number}.{ext} if left out.' },
    { name: '--save', value: 'WHAT', says: '`page` (if left out) or `value`, which is what was extracted.' },
    { name: '--once', says: 'Ends when everything that is there is saved.' },
    ...accessFlags,
  ],
  operands: { min: 0, max: 0 },
  async run(call) {
    const { fetchResults } = await import('../client/fetch/fetch-results.ts');
    return fetchResults(call);
  },
};
