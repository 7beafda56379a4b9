/** Saves results as files, as they arrive: asks the feed for what comes after the last line of the index, again and again. */
import { mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ClientCall } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { KontorError } from '#core/errors.ts';
import type { ResultItem } from '../../domain/result-items.ts';
import { type HouseClient, openHouseClient, readAccess, withRetries } from '../house-client.ts';
import { defaultTemplate, fileName, readTemplate } from './file-names.ts';
import { lockFolder } from './folder-lock.ts';
import { saveFile, syncFolder } from './save-file.ts';
import { type IndexLine, openSavedIndex, type SavedIndex } from './saved-index.ts';

const decompress = promisify(gunzip);

type SentItem = ResultItem & { readonly page?: string | null };

interface SentPage {
  readonly items: readonly SentItem[];
  readonly next: number;
  readonly head: number;
}

interface Wish {
  readonly to: string;
  readonly order: string | undefined;
  readonly template: string;
  readonly save: 'page' | 'value';
  readonly once: boolean;
}

const waitSeconds = 20;
/** Results of one answer. */
const limit = 200;
const answerTimeoutMs = 60_000;
/** Pages up to 4 MiB before compression, in base64, and one more. */
const maxAnswerBytes = 64 * 1024 * 1024;
const maxPageBytes = 64 * 1024 * 1024;
/** Files written at a time. */
const maxWrites = 16;

export async function fetchResults(call: ClientCall): Promise<number> {
  const wish = wishOf(call);
  const client = openHouseClient(readAccess(call));
  makeFolder(wish.to);
  const unlock = lockFolder(wish.to);
  const stopping = new AbortController();
  const stop = () => stopping.abort('stopped');
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const progress = call.progress();
  try {
    const index = openSavedIndex(wish.to, wish.order ?? 'all');
    try {
      const saved = await saveAll({ call, client, wish, index, signal: stopping.signal, progress });
      progress.clear();
      call.print(`${saved} results saved in ${wish.to}; the last one has the number ${index.last}.`);
      return 0;
    } finally {
      index.close();
    }
  } finally {
    progress.clear();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    unlock();
    client.close();
  }
}

function wishOf({ flag }: ClientCall): Wish {
  const to = flag('--to');
  if (to === undefined) throw invalidOption('--to', '--to says in which folder the files are saved: --to results');
  const order = flag('--order');
  if (order !== undefined && !/^KE(-[0-9A-Z]{4}){3}$/.test(order))
    throw invalidOption('--order', `"${order}" is no order, such as KE-7G2M-Q0ZD-41XB`);
  const save = flag('--save') ?? 'page';
  if (save !== 'page' && save !== 'value') throw invalidOption('--save', `--save is "${save}", but must be page or value`);
  return { to, order, save, template: readTemplate(flag('--name') ?? defaultTemplate), once: flag('--once') !== undefined };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw invalidOption('--to', `the folder "${path}" cannot be made: ${(error as Error).message}`);
  }
}

interface Saving {
  readonly call: ClientCall;
  readonly client: HouseClient;
  readonly wish: Wish;
  readonly index: SavedIndex;
  readonly signal: AbortSignal;
  readonly progress: ReturnType<ClientCall['progress']>;
}

/** Resolves to how many were saved when `signal` aborts, or when all are. */
async function saveAll(saving: Saving): Promise<number> {
  const { wish, index, signal, progress, client } = saving;
  let saved = 0;
  let after = index.last;
  while (!signal.aborted) {
    const page = await nextPage(saving, after).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (page === undefined) break;
    index.append(await saveItems(saving, page.items));
    saved += page.items.length;
    after = page.next;
    progress.show(() => `${saved} saved, number ${after} of ${page.head}, from ${client.address()}`);
    if (wish.once && after >= page.head) break;
  }
  return saved;
}

function nextPage({ call, client, wish, signal, progress }: Saving, after: number): Promise<SentPage> {
  const query = { after, order: wish.order, wait: wish.once ? 0 : waitSeconds, limit, pages: wish.save === 'page' };
  return withRetries(
    () => client.ask<SentPage>('GET', '/api/errands/feed/results', { query, signal, timeoutMs: answerTimeoutMs, maxBytes: maxAnswerBytes }),
    {
      signal,
      onFailure(error, pauseMs) {
        progress.clear();
        call.note(`${error.message}; trying again in ${(pauseMs / 1_000).toFixed(1)} s`);
      },
    },
  );
}

/** In the order of the feed. All files are there when it resolves. */
async function saveItems(saving: Saving, items: readonly SentItem[]): Promise<readonly IndexLine[]> {
  const { wish } = saving;
  const lines: IndexLine[] = items.map(({ page: _, ...item }) => ({
    ...item,
    file: hasFile(item, wish) ? fileName(wish.template, item, wish.save) : null,
  }));
  // Where a template gives several the same name, the last one stays. Some file systems take no notice of case.
  const last = new Map(lines.map(({ file }, at) => [file?.toLowerCase(), at]));
  const folders = new Set<string>();
  let turn = 0;
  const work = async () => {
    for (let at = turn++; at < items.length; at = turn++) {
      const [line, item] = [lines[at], items[at]];
      if (line === undefined || item === undefined || line.file === null || last.get(line.file.toLowerCase()) !== at) continue;
      const content = await contentOf(saving, item);
      if (content === undefined) lines[at] = { ...line, file: null };
      else folders.add(await saveFile(wish.to, line.file, content));
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxWrites, items.length) }, work));
  await Promise.all([...folders].map(syncFolder));
  return lines;
}

function hasFile({ outcome, value, bytes }: ResultItem, { save }: Wish): boolean {
  return outcome === 'delivered' && (save === 'value' ? value !== null : bytes > 0);
}

async function contentOf(saving: Saving, item: SentItem): Promise<Uint8Array | undefined> {
  return saving.wish.save === 'value' ? Buffer.from(`${item.value}\n`) : pageOf(saving, item);
}

/** Large pages are asked for one by one. One that the house does not keep any more leaves a line without a file. */
async function pageOf({ client, signal }: Saving, { order, number, page }: SentItem): Promise<Uint8Array | undefined> {
  if (page) return decompress(Buffer.from(page, 'base64'), { maxOutputLength: maxPageBytes });
  try {
    return await withRetries(
      () =>
        client.bytes(`/api/errands/orders/${order}/results/${number}/page`, { signal, timeoutMs: answerTimeoutMs, maxBytes: maxPageBytes }),
      { signal },
    );
  } catch (error) {
    if (error instanceof KontorError && error.code === 'not_found') return undefined;
    throw error;
  }
}
