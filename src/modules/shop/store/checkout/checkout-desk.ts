/** Checkouts that arrive together are decided together: one transaction, one fsync and one lock of the hot shelf for all of them. */
import { KontorError } from '#core/errors.ts';
import type { State } from '#core/ports/state.ts';
import type { CheckoutRequest } from '../../domain/checkout-plan.ts';
import { type CheckoutAnswer, type CheckoutContext, checkOut } from './checkout.ts';

const maxBatch = 100;
const maxWaiting = 1_000;

interface Waiting {
  readonly request: CheckoutRequest;
  resolve(answer: CheckoutAnswer): void;
  reject(error: unknown): void;
}

export class CheckoutDesk {
  readonly #state: State;
  readonly #context: () => CheckoutContext;
  readonly #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;

  constructor(state: State, context: () => CheckoutContext) {
    this.#state = state;
    this.#context = context;
  }

  submit(request: CheckoutRequest): Promise<CheckoutAnswer> {
    if (this.#waiting.length >= maxWaiting) {
      throw new KontorError(
        'overloaded',
        `${maxWaiting} checkouts are waiting already: try again in a moment with the same Idempotency-Key.`,
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<CheckoutAnswer>();
    this.#waiting.push({ request, resolve, reject });
    this.#working ??= this.#work();
    return promise;
  }

  /** Resolves when all that was submitted has its answer. */
  async drained(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    // Lets the requests of this turn of the loop come together first.
    await undefined;
    // One batch at a time: a second would only wait for the locks of the first, and meanwhile the next one fills.
    while (this.#waiting.length > 0) await this.#decide(this.#takeBatch());
    this.#working = undefined;
  }

  /** Nobody twice in a batch: the same key again must find the first answer in the books. */
  #takeBatch(): readonly Waiting[] {
    const batch: Waiting[] = [];
    const accounts = new Set<string>();
    for (let at = 0; at < this.#waiting.length && batch.length < maxBatch; ) {
      const [member] = this.#waiting.slice(at, at + 1);
      if (member === undefined || accounts.has(member.request.accountId)) {
        at += 1;
        continue;
      }
      accounts.add(member.request.accountId);
      batch.push(member);
      this.#waiting.splice(at, 1);
    }
    return batch;
  }

  async #decide(batch: readonly Waiting[]): Promise<void> {
    const requests = batch.map(({ request }) => request);
    try {
      const answers = await this.#state.write((queries) => checkOut(queries, requests, this.#context()));
      for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as CheckoutAnswer);
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1 && only !== undefined) return only.reject(error);
      // What one of them broke must not be laid at the others' door.
      for (const member of batch) await this.#decide([member]);
    }
  }
}
