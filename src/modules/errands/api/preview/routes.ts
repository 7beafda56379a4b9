/** The test fetch over HTTP. It uses the same client and the same reader as runs do. */
import { KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import type { Extraction } from '../../domain/extraction/extraction.ts';
import type { OrderTerms } from '../../domain/orders.ts';
import { type ErrandsSettings, hostRules } from '../../domain/settings.ts';
import type { OwnPorts } from '../../ports/ports.ts';
import { errandsRefusals } from '../../refusals.ts';
import { takePreviewTurn } from '../../store/hosts/previews.ts';
import { checkRobots } from '../orders/known-robots.ts';
import { nextTimes, termsFrom } from '../orders/terms.ts';
import * as contracts from './contracts.ts';

interface PreviewApi {
  readonly ports: Pick<Ports, 'clock' | 'state'> & OwnPorts;
  readonly settings: ErrandsSettings;
}

/** Of all accounts, in this process. */
const maxAtOnce = 32;

export function previewRoutes({ ports, settings }: PreviewApi): readonly Route[] {
  const running = new Set<string>();

  async function takeTurn(accountId: string, host: string): Promise<void> {
    const tried = { accountId, host: hostRules(settings).allowed.includes(host) ? undefined : host };
    const turn = await ports.state.write((queries) => takePreviewTurn(queries, tried, ports.clock.now()));
    if (turn.outcome === 'now') return;
    const seconds = Math.ceil(turn.waitMs / 1_000);
    throw turn.outcome === 'account'
      ? refuse(errandsRefusals, 'previews-often', { seconds })
      : refuse(errandsRefusals, 'previews-of-host', { host, seconds });
  }

  return [
    route(contracts.previewOrder, async ({ account, body, signal }) => {
      const terms = await termsFrom(body, { now: ports.clock.now(), allowedHosts: hostRules(settings).allowed, mayBePast: true });
      if (running.has(account.id)) throw refuse(errandsRefusals, 'preview-running', {});
      if (running.size >= maxAtOnce) throw new KontorError('overloaded', 'Many test fetches are under way: try again in a few seconds.');
      running.add(account.id);
      try {
        await takeTurn(account.id, terms.host);
        await checkRobots(ports, terms, hostRules(settings));
        const seen = await look(terms, ports, signal);
        return {
          failure: seen.failure,
          page: seen.page,
          text: seen.text,
          found: seen.found,
          nextTimes: nextTimes(terms.schedule, undefined, ''),
        };
      } finally {
        running.delete(account.id);
      }
    }),
  ];
}

async function look({ address, method, headers, extraction }: OrderTerms, { fetch, reader }: OwnPorts, signal: AbortSignal) {
  const fetched = await fetch.fetch({ method, address, headers, limits: { totalMs: contracts.maxPreviewMs } }, signal);
  if (fetched.kind !== 'fetched') return { failure: fetched.reason, page: null, text: null, found: null };
  const contentType = fetched.headers['content-type'];
  const page = { body: fetched.body, contentType };
  const wanted = extraction === null ? undefined : (JSON.parse(extraction) as Extraction);
  const [text, reading] = await Promise.all([reader.text(page), wanted === undefined ? undefined : reader.read(page, wanted)]);
  return {
    failure: null,
    page: {
      status: fetched.status,
      address: fetched.address,
      contentType: contentType ?? null,
      bytes: fetched.body.length,
      totalMs: Math.round(fetched.timings.totalMs),
    },
    text: text === null ? null : text.slice(0, contracts.maxTextChars).toWellFormed(),
    found: reading === undefined ? null : { value: reading.value, number: reading.number ?? null, problem: reading.problem ?? null },
  };
}
