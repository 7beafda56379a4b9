/** `kontor errands order`, `list`, `show`, `runs`, `change`, `pause`, `resume`, `cancel`, `run`, `export` and `import`. */
import type { ClientCommand, CommandFlag } from '#core/command/command.ts';
import { accessFlags } from './access-flags.ts';

const jsonFlag: CommandFlag = { name: '--json', says: 'Prints the answer as JSON.' };

const keyFlag: CommandFlag = {
  name: '--key',
  value: 'KEY',
  says: 'Names the request: the same key again does nothing more. A new one is made when it is left out.',
};

const termFlags: readonly CommandFlag[] = [
  { name: '--title', value: 'TEXT', says: 'What you call it; the host if left out.' },
  { name: '--method', value: 'METHOD', says: 'GET (if left out) or HEAD.' },
  { name: '--headers', value: 'JSON', says: `Headers, such as '{"accept-language": "de"}'.` },
  { name: '--every', value: 'TIME', says: 'An interval such as 10s, 15m, 1h or 7d.' },
  { name: '--cron', value: 'CRON', says: `A cron expression, such as '0 9 * * mon-fri'. Without --every and --cron it runs once.` },
  { name: '--times', value: 'N', says: 'How often; `forever` until it is cancelled, which is so if left out.' },
  { name: '--start', value: 'TIME', says: 'A local time, such as 2027-03-28T09:00; now if left out.' },
  { name: '--zone', value: 'ZONE', says: 'The time zone, such as Europe/Berlin; UTC if left out.' },
  { name: '--jitter', value: 'TIME', says: 'Each run is due up to so much later.' },
  { name: '--hours', value: 'HOURS', says: 'Active hours, such as 09:00-17:30.' },
  { name: '--days', value: 'DAYS', says: 'With --hours: weekdays such as 12345, 1 for Monday.' },
  { name: '--catch-up', value: 'RULE', says: 'What becomes of missed times: skip, one (if left out) or all.' },
  { name: '--late', value: 'TIME', says: 'A time that is later than this counts as missed; 5m if left out.' },
  { name: '--overlap', value: 'RULE', says: 'skip passes over a time while a run is open; allow if left out.' },
  { name: '--css', value: 'SELECTOR', says: 'Takes the text that a CSS selector finds.' },
  { name: '--xpath', value: 'XPATH', says: 'Takes what an XPath finds.' },
  { name: '--jsonpath', value: 'JSONPATH', says: 'Takes what a JSONPath finds.' },
  { name: '--regex', value: 'REGEX', says: 'Takes what a regular expression finds.' },
  { name: '--only-changes', says: 'Delivers only what differs from the result before.' },
  { name: '--webhook', value: 'URL', says: 'Sends results there, signed.' },
  { name: '--mail', says: 'Sends results by mail.' },
  { name: '--copies', value: 'N', says: 'Miners that fetch each run, 1 to 3; each costs a coin.' },
  { name: '--instrument', value: 'NAME', says: 'Puts numbers on the tape under this name, such as ERRANDS.TEA.' },
];

interface Described {
  readonly name: string;
  readonly usage: string;
  readonly says: string;
  readonly details?: string;
  readonly flags?: readonly CommandFlag[];
  readonly operands: ClientCommand['operands'];
}

type Work = keyof typeof import('../client/orders/order-commands.ts');

function command(described: Described, work: Work): ClientCommand {
  return {
    ...described,
    flags: [...(described.flags ?? []), ...accessFlags],
    async run(call) {
      const commands = await import('../client/orders/order-commands.ts');
      return commands[work](call);
    },
  };
}

const one = { min: 1, max: 1 };
const none = { min: 0, max: 0 };

export const orderCommands: readonly ClientCommand[] = [
  command(
    {
      name: 'errands order',
      usage: 'ADDRESS',
      says: 'Orders that a page is fetched again and again.',
      details: 'A repetition costs a coin for each copy. An order with an end is paid at once; one without is paid in portions.',
      flags: [...termFlags, { name: '--dry-run', says: 'Only shows the price and the next times.' }, keyFlag, jsonFlag],
      operands: one,
    },
    'order',
  ),
  command(
    {
      name: 'errands list',
      usage: '',
      says: 'Lists your orders.',
      flags: [
        { name: '--state', value: 'STATE', says: 'active, paused, out-of-coins, locked, done or cancelled.' },
        { name: '--search', value: 'TEXT', says: 'A part of the title, the address or the id.' },
        { name: '--limit', value: 'N', says: 'Orders to show, the newest first; 50 if left out.' },
        jsonFlag,
      ],
      operands: none,
    },
    'list',
  ),
  command(
    { name: 'errands show', usage: 'ORDER', says: 'Shows an order, its coins and its next times.', flags: [jsonFlag], operands: one },
    'show',
  ),
  command(
    { name: 'errands runs', usage: 'ORDER', says: 'Shows the runs of an order that are open.', flags: [jsonFlag], operands: one },
    'runs',
  ),
  command(
    {
      name: 'errands change',
      usage: 'ORDER',
      says: 'Changes an order; what no flag names stays.',
      flags: [{ name: '--address', value: 'URL', says: 'Another page.' }, ...termFlags, jsonFlag],
      operands: one,
    },
    'change',
  ),
  command({ name: 'errands pause', usage: 'ORDER', says: 'Pauses an order.', operands: one }, 'pause'),
  command({ name: 'errands resume', usage: 'ORDER', says: 'Lets a paused order go on.', operands: one }, 'resume'),
  command({ name: 'errands cancel', usage: 'ORDER', says: 'Cancels an order; unused coins come back.', operands: one }, 'cancel'),
  command(
    { name: 'errands run', usage: 'ORDER', says: 'Runs an order now, for a coin of its own.', flags: [keyFlag], operands: one },
    'runNow',
  ),
  command(
    {
      name: 'errands export',
      usage: '[ORDER]',
      says: 'Prints your orders, or one of them, as JSON that can be imported.',
      operands: { min: 0, max: 1 },
    },
    'exportOrders',
  ),
  command(
    {
      name: 'errands import',
      usage: 'FILE',
      says: 'Places all orders of an export, or none; - reads them from stdin.',
      flags: [keyFlag],
      operands: one,
    },
    'importOrders',
  ),
];
