/** The house as an auditor: it looks at pages that miners answered with, and refuses what nobody can have seen there. */
import { type Batcher, openBatcher } from '#core/batcher.ts';
import { type Chore, startChore } from '#core/chores.ts';
import type { Ports } from '#core/ports/ports.ts';
import { readFetched } from '../../completion/page-readings.ts';
import { type FetchedPage, toldFailure } from '../../completion/prepare.ts';
import { copyText } from '../../domain/orders.ts';
import { pageAnswerOf, pageLimits } from '../../domain/page-answers.ts';
import { compareWithLooks, type Said, secondLookInMs } from '../../domain/trust/compare-pages.ts';
import type { AuditVerdict } from '../../domain/trust/reputation.ts';
import type { Fetch } from '../../ports/fetch.ts';
import type { Reader } from '../../ports/reader.ts';
import { compressedBody, decompressedBody } from '../../store/results/bodies.ts';
import { answeredPage } from '../../store/trust/answered-page.ts';
import { type ClaimedAudit, claimAudits, maxAuditAttempts, nextAuditAt, postponeAudits } from '../../store/trust/audits.ts';
import { type AuditFinding, clearShutOut, decideAudits, maxFindingsPerCall } from '../../store/trust/decide.ts';

/** Audits at the same time: most of them wait for their second look. */
const concurrency = 128;
const everyMs = 1_000;
const restMs = 50;
const clearedAtOnce = 200;
const maxWaitingFindings = 1_000;

export interface AuditorOptions {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'log' | 'metrics' | 'lake'>;
  readonly fetch: Fetch;
  readonly reader: Reader;
  fail(error: unknown): void;
}

export class Auditor {
  readonly #options: AuditorOptions;
  readonly #chore: Chore;
  readonly #unlisten: () => void;
  readonly #auditing = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #findings: Batcher<AuditFinding, undefined>;
  readonly #audited;

  constructor(options: AuditorOptions) {
    const { ports } = options;
    this.#options = options;
    this.#audited = ports.metrics.counter('errands_audits_total', 'Answers of miners that were audited, by what was found.', ['found']);
    this.#findings = openBatcher({
      what: 'findings of audits',
      maxWaiting: maxWaitingFindings,
      maxBatch: maxFindingsPerCall,
      work: (findings) => this.#decide(findings),
    });
    this.#chore = startChore({
      name: 'errands-auditing',
      ports,
      everyMs,
      jitter: 0.2,
      minRestMs: restMs,
      failing: 'answers of miners are not audited',
      fail: options.fail,
      work: () => this.#claim(),
    });
    this.#unlisten = ports.state.onChange(() => this.#chore.wake());
  }

  status() {
    return this.#chore.status();
  }

  /** Audits that wait for their second look go back. */
  async stop(): Promise<void> {
    this.#unlisten();
    await this.#chore.stop();
    this.#stopping.abort();
    await Promise.all(this.#auditing);
    await this.#findings.close();
  }

  async #claim() {
    const { state, clock, random } = this.#options.ports;
    if ((await clearShutOut(state, clock.now(), clearedAtOnce)) > 0) return 'more' as const;
    const limit = concurrency - this.#auditing.size;
    const nextAt = limit > 0 ? await state.read(nextAuditAt) : undefined;
    if (nextAt === undefined || nextAt > clock.now()) return undefined;
    const audits = await state.write((queries) => claimAudits(queries, { limit, now: clock.now(), random }));
    for (const audit of audits) {
      const auditing: Promise<void> = this.#audit(audit).finally(() => {
        this.#auditing.delete(auditing);
        this.#chore.wake();
      });
      this.#auditing.add(auditing);
    }
    return audits.length === limit ? ('more' as const) : undefined;
  }

  /** Never rejects: what cannot be decided is tried again after its lease. */
  async #audit(audit: ClaimedAudit): Promise<void> {
    const { state, clock, log } = this.#options.ports;
    try {
      const found = await this.#found(audit);
      if (found !== undefined) await this.#findings.submit({ audit, found });
      else await state.write((queries) => postponeAudits(queries, [audit], clock.now()));
    } catch (error) {
      log.warn({ err: error, copy: copyText(audit) }, 'an answer could not be audited');
    }
  }

  /** Undefined when it is to be tried again. */
  async #found(audit: ClaimedAudit): Promise<AuditVerdict | undefined> {
    const { clock } = this.#options.ports;
    if (audit.nonce !== null) return (await this.#answer(audit))?.text?.includes(audit.nonce) === true ? 'valid' : 'certain-lie';
    const givesUp = audit.attempt >= maxAuditAttempts ? 'undecided' : undefined;
    const first = await this.#look(audit);
    if (first === undefined) return givesUp;
    if (first.key === audit.contentKey) return 'valid';
    await clock.sleep(secondLookInMs(clock.now() - audit.answeredAt), this.#stopping.signal);
    if (this.#stopping.signal.aborted) return undefined;
    const [second, answer] = await Promise.all([this.#look(audit), this.#answer(audit)]);
    if (second === undefined) return givesUp;
    const compared = compareWithLooks(answer ?? { key: audit.contentKey, text: null }, [first, second]);
    return compared === 'same' ? 'valid' : compared === 'other' ? 'lie' : 'undecided';
  }

  /** What the page says to the house; undefined when it cannot be fetched. */
  async #look({ address, method, headers, extraction }: ClaimedAudit): Promise<Said | undefined> {
    const { fetch, reader, ports } = this.#options;
    const answer = pageAnswerOf(await fetch.fetch({ address, method, headers, limits: pageLimits }), ports.clock.now());
    if ('failure' in answer) return undefined;
    const { status, finalAddress, contentType = null, body } = answer;
    const page: FetchedPage = { status, finalAddress, contentType, timings: null, body };
    if (toldFailure({ status, finalAddress, contentType, timings: null, body, retryAfterMs: null }) !== undefined) return undefined;
    const { contentKey, value } = await readFetched(reader, page, extraction);
    return { key: contentKey, text: extraction === null ? await textOf(reader, page) : value };
  }

  /** What the miner says that the page said; undefined when it is not kept. */
  async #answer(audit: ClaimedAudit): Promise<Said | undefined> {
    const { ports, reader } = this.#options;
    const answered = await ports.state.read((queries) => answeredPage(queries, audit));
    if (answered === undefined) return undefined;
    const { value, contentType, page } = answered;
    if (audit.extraction !== null) return { key: audit.contentKey, text: value };
    const compressed = page === undefined ? undefined : await compressedBody(ports.lake, page);
    // An empty page is kept as none.
    const body = compressed === undefined ? Buffer.alloc(0) : await decompressedBody(compressed);
    return { key: audit.contentKey, text: await textOf(reader, { contentType, body }) };
  }

  async #decide(findings: readonly AuditFinding[]): Promise<readonly undefined[]> {
    const { state, clock, log } = this.#options.ports;
    const shutOut = await decideAudits(state, findings, clock.now());
    for (const { found } of findings) this.#audited.add(1, { found });
    for (const minerId of shutOut) log.warn({ minerId }, 'a miner is shut out');
    if (shutOut.size > 0) this.#chore.wake();
    return findings.map(() => undefined);
  }
}

function textOf(reader: Reader, { contentType, body }: Pick<FetchedPage, 'contentType' | 'body'>): Promise<string | null> {
  return reader.text({ contentType: contentType ?? undefined, body });
}
