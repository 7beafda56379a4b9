/** What the commands for orders ask the house, and how they print it. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { alignedColumns } from '#core/command/columns.ts';
import type { ClientCall } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { KontorError } from '#core/errors.ts';
import type { Order, OrderInput } from '../../api/orders/schemas.ts';
import { type HouseClient, openHouseClient, readAccess } from '../house-client.ts';
import { wholeNumber, wishOf } from './order-wish.ts';

const orders = '/api/errands/orders';
const shownOrders = 50;
const perPage = 100;
const maxExportBytes = 64 * 1_024 * 1_024;

type Terms = { -readonly [Name in keyof OrderInput]: OrderInput[Name] };

async function asking(call: ClientCall, work: (client: HouseClient) => Promise<void>): Promise<number> {
  const client = openHouseClient(readAccess(call));
  try {
    await work(client);
    return 0;
  } catch (error) {
    if (error instanceof KontorError && error.details.length > 1)
      for (const { field, message } of error.details) call.note(`${field}: ${message}`);
    throw error;
  } finally {
    client.close();
  }
}

function pathOf({ operands: [id = ''] }: ClientCall, rest = ''): string {
  if (!/^KE-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(id)) throw invalidOption('ORDER', `"${id}" is no order, such as KE-7G2M-Q0ZD-41XB`);
  return `${orders}/${id}${rest}`;
}

function keyHeader({ flag }: ClientCall): Record<string, string> {
  return { 'idempotency-key': flag('--key') ?? randomUUID() };
}

export function order(call: ClientCall): Promise<number> {
  const [address = ''] = call.operands;
  const body = { address, ...wishOf(call) };
  return asking(call, async (client) => {
    if (call.flag('--dry-run') !== undefined) {
      const { price, nextTimes } = await client.ask<Quote>('POST', `${orders}/quote`, { body });
      const total = price.total === null ? `${price.perRepetition} coins a repetition` : `${price.total} coins in all`;
      call.print(`${total}, ${price.now} of them now; you have ${price.available}`);
      for (const at of nextTimes) call.print(timeText(at));
      return;
    }
    printOrder(call, await client.ask<Order>('POST', orders, { body, headers: keyHeader(call) }));
  });
}

interface Quote {
  readonly price: { readonly perRepetition: number; readonly total: number | null; readonly now: number; readonly available: number };
  readonly nextTimes: readonly number[];
}

export function list(call: ClientCall): Promise<number> {
  const most = wholeNumber('--limit', call.flag('--limit') ?? String(shownOrders), 1, 10_000);
  return asking(call, async (client) => {
    const found: Order[] = [];
    let after: string | undefined;
    do {
      const query = { limit: Math.min(perPage, most - found.length), after, state: call.flag('--state'), search: call.flag('--search') };
      const page = await client.ask<{ orders: readonly Order[]; next: string | null }>('GET', orders, { query });
      found.push(...page.orders);
      after = page.next ?? undefined;
    } while (after !== undefined && found.length < most);
    if (call.flag('--json') !== undefined) return call.print(JSON.stringify(found, null, 2));
    if (found.length === 0) return call.note('there are no orders: `kontor errands order ADDRESS` places one');
    const rows = found.map(({ id, state, title, runs, coins, nextTimes: [next] }) =>
      [id, state, runs.results, runs.open, coins.prepaid, next === undefined ? '-' : timeText(next), title].map(String),
    );
    call.print(alignedColumns([['ORDER', 'STATE', 'RESULTS', 'OPEN', 'PREPAID', 'NEXT', 'TITLE'], ...rows]));
  });
}

export function show(call: ClientCall): Promise<number> {
  return asking(call, async (client) => printOrder(call, await client.ask<Order>('GET', pathOf(call))));
}

interface OpenRun {
  readonly generation: number;
  readonly slot: number;
  readonly copy: number;
  readonly state: string;
  readonly dueAt: number;
  readonly attempts: number;
  readonly failure: string | null;
}

export function runs(call: ClientCall): Promise<number> {
  return asking(call, async (client) => {
    const { runs: open } = await client.ask<{ runs: readonly OpenRun[] }>('GET', pathOf(call, '/runs'), { query: { limit: perPage } });
    if (call.flag('--json') !== undefined) return call.print(JSON.stringify(open, null, 2));
    if (open.length === 0) return call.note('no run is open');
    const rows = open.map(({ generation, slot, copy, state, dueAt, attempts, failure }) => [
      `${generation}/${slot}/${copy}`,
      state,
      timeText(dueAt),
      String(attempts),
      failure ?? '',
    ]);
    call.print(alignedColumns([['RUN', 'STATE', 'DUE', 'ATTEMPTS', 'LAST FAILURE'], ...rows]));
  });
}

export function change(call: ClientCall): Promise<number> {
  return asking(call, async (client) => {
    const before = await client.ask<Order>('GET', pathOf(call));
    const wish = wishOf(call, before);
    const body: Terms = {
      title: wish.title ?? before.title,
      address: call.flag('--address') ?? before.address,
      method: wish.method ?? before.method,
      headers: wish.headers ?? before.headers,
      schedule: { ...before.schedule, ...wish.schedule },
      extraction: wish.extraction ?? before.extraction,
      onlyChanges: wish.onlyChanges ?? before.onlyChanges,
      webhook: wish.webhook ?? before.webhook,
      mail: wish.mail ?? before.mail,
      copies: wish.copies ?? before.copies,
      instrument: wish.instrument ?? before.instrument,
    };
    printOrder(call, await client.ask<Order>('PUT', pathOf(call), { body }));
  });
}

export function pause(call: ClientCall): Promise<number> {
  return step(call, '/pause');
}

export function resume(call: ClientCall): Promise<number> {
  return step(call, '/resume');
}

export function cancel(call: ClientCall): Promise<number> {
  return step(call, '/cancellation');
}

function step(call: ClientCall, rest: string): Promise<number> {
  return asking(call, async (client) => {
    const { id, state, coins } = await client.ask<Order>('POST', pathOf(call, rest));
    call.print(`${id} is ${state}; ${coins.returned} coins came back so far`);
  });
}

export function runNow(call: ClientCall): Promise<number> {
  return asking(call, async (client) => {
    const made = await client.ask<{ orderId: string; generation: number; slot: number }>('POST', pathOf(call, '/runs'), {
      headers: keyHeader(call),
    });
    call.print(`${made.orderId}/${made.generation}/${made.slot}`);
  });
}

export function exportOrders(call: ClientCall): Promise<number> {
  const [id] = call.operands;
  return asking(call, async (client) => {
    const file = await client.ask<object>('GET', `${orders}/export`, { query: { id }, maxBytes: maxExportBytes });
    call.print(JSON.stringify(file, null, 2));
  });
}

export function importOrders(call: ClientCall): Promise<number> {
  const [path = ''] = call.operands;
  return asking(call, async (client) => {
    const body: unknown = parsed(path === '-' ? await text(process.stdin) : await contentOf(path));
    const { ids } = await client.ask<{ ids: readonly string[] }>('POST', `${orders}/import`, { body, headers: keyHeader(call) });
    for (const id of ids) call.print(id);
  });
}

async function contentOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new KontorError('invalid_input', `${path} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`);
  });
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new KontorError('invalid_input', `the file is not JSON: ${(error as Error).message}`);
  }
}

function printOrder(call: ClientCall, shown: Order): void {
  if (call.flag('--json') !== undefined) {
    call.print(JSON.stringify(shown, null, 2));
    return;
  }
  const { id, state, title, address, schedule, coins, nextTimes } = shown;
  const rhythm = { once: 'once', interval: 'every', cron: 'cron' }[schedule.repeat.kind];
  const repeat =
    schedule.repeat.kind === 'interval'
      ? `${schedule.repeat.seconds} s`
      : schedule.repeat.kind === 'cron'
        ? schedule.repeat.expression
        : '';
  const times = schedule.repetitions === null ? 'until it is cancelled' : `${schedule.repetitions} times`;
  call.print(`${id}  ${state}`);
  call.print(
    alignedColumns([
      ['  title', title],
      ['  address', address],
      ['  repeats', `${rhythm} ${repeat}, ${times}, ${shown.used} made`.replace(/ +,/, ',')],
      ['  runs', `${shown.runs.results} with a result, ${shown.runs.open} open`],
      [
        '  coins',
        `${coins.prepaid} prepaid, ${coins.outstanding} outstanding, ${coins.earned} earned, ${coins.refunded + coins.returned} came back`,
      ],
      ['  next', nextTimes.slice(0, 3).map(timeText).join(', ') || '-'],
    ]),
  );
}

function timeText(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
