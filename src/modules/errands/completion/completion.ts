/** Completion: what miners and the house fetched is made ready, many at once, and stored together. */
import { type Batcher, openBatcher } from '#core/batcher.ts';
import { KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { AnswerOutcome } from '../domain/answers.ts';
import type { ErrandsSettings } from '../domain/settings.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { restHosts } from '../store/hosts/rest.ts';
import { completeRuns, maxAnswersPerCall } from '../store/queue/complete.ts';
import { PageReadings } from './page-readings.ts';
import { type GivenAnswer, prepareAnswers, toldFailure } from './prepare.ts';

/** Bytes of pages that wait to be stored; beyond it, miners are told to come again. */
const maxWaitingBytes = 96 * 1_024 * 1_024;
const maxWaiting = 10_000;
/** While one batch is stored, the next is made ready. */
const batchesAtOnce = 2;
const demoSettleMs = 2_000;

export interface Completion {
  /** An outcome for each answer, in their order. */
  complete(answers: readonly GivenAnswer[]): Promise<readonly AnswerOutcome[]>;
  /** Takes no more, and resolves when what waits is stored. */
  close(): Promise<void>;
}

export type CompletionPorts = Pick<Ports, 'state' | 'clock' | 'random' | 'lake' | 'log'> & Pick<OwnPorts, 'reader'>;

export function openCompletion(ports: CompletionPorts, settings: ErrandsSettings): Completion {
  const { state, clock, random, reader } = ports;
  const preparing = { ports, pages: new PageReadings(reader, ports.lake), inlineKb: settings.errandsInlineKb };
  const settleMs = settleMsOf(settings);
  const batcher: Batcher<GivenAnswer, AnswerOutcome> = openBatcher({
    what: 'answers of miners',
    maxWaiting,
    maxBatch: maxAnswersPerCall,
    maxInFlight: batchesAtOnce,
    async work(answers) {
      const prepared = await prepareAnswers(preparing, answers);
      const outcomes = await completeRuns(state, prepared, { now: clock.now(), settleMs, random });
      await rest(answers, outcomes);
      return outcomes;
    },
  });
  let waitingBytes = 0;

  /** A host that asked for it is left alone. Only who holds the run is believed. */
  async function rest(answers: readonly GivenAnswer[], outcomes: readonly AnswerOutcome[]): Promise<void> {
    const wishes = answers.flatMap(({ lease, got }, index) => {
      const ms = outcomes[index]?.outcome === 'noted' ? (toldFailure(got)?.retryAfterMs ?? 0) : 0;
      return ms > 0 ? [{ orderId: lease.orderId, ms }] : [];
    });
    if (wishes.length > 0) await state.write((queries) => restHosts(queries, wishes, clock.now()));
  }

  return {
    async complete(answers) {
      const bytes = answers.reduce((sum, { got }) => sum + ('body' in got ? got.body.length : 0), 0);
      if (waitingBytes > 0 && waitingBytes + bytes > maxWaitingBytes)
        throw new KontorError('overloaded', 'Too many pages are waiting to be stored: send them again in a moment.');
      waitingBytes += bytes;
      try {
        return await Promise.all(answers.map((answer) => batcher.submit(answer)));
      } finally {
        waitingBytes -= bytes;
      }
    },
    close: () => batcher.close(),
  };
}

/** Shorter in a demonstration, so that one sees the coins come. */
function settleMsOf({ demo, errandsSettleSeconds }: Pick<ErrandsSettings, 'demo' | 'errandsSettleSeconds'>): number {
  return errandsSettleSeconds === undefined ? (demo ? demoSettleMs : settleMs) : errandsSettleSeconds * 1_000;
}

const settleMs = 600_000;
