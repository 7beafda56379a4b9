/**
 * Puts the first data of a page into the page: on a slow line, each request of its own costs time. A page names this data in links, by
 * which the browser would ask for it beside the app. The link stays where no answer comes at once.
 */
import type { FastifyInstance } from 'fastify';
import type { Clock } from '#core/ports/clock.ts';
import { type StaticFile, staticFile } from './static-files.ts';

const link = /\s*<link rel="preload" as="fetch" crossorigin href="([^"]+)">/g;
/** Everybody gets the same, made once in this time. */
const keepMs = 1_000;
/** A warm house answers within 10 to 40 ms; one that starts or is busy sends the page without the rest. */
const answerWithinMs = 100;
/** The app waits for the whole page: a larger answer comes faster beside it. */
const maxAnswerCharacters = 32 * 1_024;
/** The house asks itself from an address that no client has, so that it uses up no client's requests. */
const ownAddress = '0.0.0.0';

interface Kept {
  readonly at: number;
  readonly page: Promise<StaticFile>;
}

/** Of a link that was found. */
function pathOf([, path = '']: readonly string[]): string {
  return path.replaceAll('&amp;', '&');
}

export class FirstData {
  readonly #server: FastifyInstance;
  readonly #clock: Clock;
  readonly #kept = new WeakMap<StaticFile, Kept>();

  constructor(server: FastifyInstance, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
  }

  /** The file itself, if it names no data or none came. */
  in(file: StaticFile, host: string): Promise<StaticFile> {
    const kept = this.#kept.get(file);
    const at = this.#clock.monotonicMs();
    if (kept !== undefined && at - kept.at < keepMs) return kept.page;
    const page = this.#fill(file, host);
    this.#kept.set(file, { at, page });
    return page;
  }

  async #fill(file: StaticFile, host: string): Promise<StaticFile> {
    const page = String(file.body);
    const paths = [...page.matchAll(link)].map(pathOf);
    const over = new AbortController();
    const tooLate = this.#clock.sleep(answerWithinMs, over.signal).then(() => undefined);
    const answers = await Promise.all(paths.map((path) => Promise.race([this.#ask(path, host), tooLate])));
    over.abort();
    const found = new Map(paths.flatMap((path, index) => (answers[index] === undefined ? [] : [[path, answers[index]]])));
    if (found.size === 0) return file;
    const data = [...found].map(([path, json]) => `${JSON.stringify(path)}:${json}`).join();
    // Names that people enter are in it: no character of them may end the element.
    const element = `<script type="application/json" id="first-data">{${data.replaceAll('<', '\\u003c')}}</script>\n`;
    const filled = page
      .replace(link, (...match) => (found.has(pathOf(match)) ? '' : match[0]))
      .replace('</body>', () => `${element}</body>`);
    return staticFile('index.html', Buffer.from(filled));
  }

  async #ask(path: string, host: string): Promise<string | undefined> {
    const answer = await this.#server.inject({ url: path, headers: { host }, remoteAddress: ownAddress }).catch(() => undefined);
    return answer?.statusCode === 200 && answer.body.length <= maxAnswerCharacters ? answer.body : undefined;
  }
}
