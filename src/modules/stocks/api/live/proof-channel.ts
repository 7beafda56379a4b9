/** The channel `proof`: the proof line, whole, whenever it changed. */
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import { type ProofTaker, proofMaxAgeMs, type TakenProof } from '../view/proof.ts';
import type { Channel, Place, Since, Step } from './channel.ts';
import { deltaFrame, SharedSteps, snapFrame } from './channel.ts';

const name = 'proof';
const retryMs = 1_000;

interface Shown {
  readonly place: Place;
  readonly json: string;
}

export class ProofChannel implements Channel {
  readonly #taker: ProofTaker;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #steps = new SharedSteps();
  #shown: Shown | undefined;
  #nextTakeAtMs = Number.NEGATIVE_INFINITY;

  constructor({ taker, clock, log }: { taker: ProofTaker; clock: Clock; log: Log }) {
    this.#taker = taker;
    this.#clock = clock;
    this.#log = log;
  }

  /** The proof is always sent whole, so that a client may go on from wherever it was. */
  resume(since: Since): Place | 'later' | undefined {
    this.#takeWhenDue();
    if (this.#shown === undefined) return 'later';
    if (since.epoch !== this.#shown.place.epoch) return undefined;
    return since.pos > this.#shown.place.pos ? 'later' : { ...since, revision: -1 };
  }

  next(place: Place | undefined): Step | undefined {
    this.#takeWhenDue();
    const shown = this.#shown;
    if (shown === undefined) return undefined;
    const from = place?.epoch === shown.place.epoch ? place : undefined;
    if (from?.revision === shown.place.revision) return undefined;
    const { place: to, json } = shown;
    return this.#steps.get(from === undefined ? 'snap' : String(from.pos), () => ({
      frame: from === undefined ? snapFrame(name, to, json) : deltaFrame(name, from.pos, to.pos, json),
      place: to,
      more: false,
    }));
  }

  #takeWhenDue(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#nextTakeAtMs) return;
    this.#nextTakeAtMs = nowMs + proofMaxAgeMs;
    this.#taker.take().then(
      (taken) => this.#show(taken),
      (error: unknown) => {
        this.#nextTakeAtMs = this.#clock.monotonicMs() + retryMs;
        this.#log.warn({ err: error }, 'the proof line could not be read for the live view; trying again');
      },
    );
  }

  #show({ epoch, proof }: TakenProof): void {
    const json = JSON.stringify(proof);
    if (json === this.#shown?.json && epoch === this.#shown.place.epoch) return;
    this.#shown = { place: { epoch, pos: proof.counted + proof.open, revision: (this.#shown?.place.revision ?? 0) + 1 }, json };
    this.#steps.clear();
  }
}
