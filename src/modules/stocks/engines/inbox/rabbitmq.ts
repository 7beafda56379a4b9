/** The Inbox on RabbitMQ: queues of the default exchange, one exclusive consumer at a time. */
import type { ConfirmChannel, ConsumeMessage, Options } from 'amqplib';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import { aborted } from '#core/within-time.ts';
import { rabbitmqAddresses } from '#engines/stream/rabbitmq-address.ts';
import { type OpenChannel, RabbitmqLink, type Session, withChannels } from '#engines/stream/rabbitmq-link.ts';
import type { DeadLetter, Inbox, InboxMessage, InboxQueue } from '../../ports/inbox.ts';

export interface RabbitmqInboxOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** A connection that is silent for two or three heartbeats is lost. */
  readonly heartbeatSeconds?: number;
}

export const deadLetterQueue = 'kontor.dead-letters';
const deadLetterLimits = { 'x-max-length': 100_000, 'x-max-length-bytes': 64 * 1_024 * 1_024, 'x-overflow': 'drop-head' };

export function openRabbitmqInbox({ url, clock, random, log, heartbeatSeconds = 10 }: RabbitmqInboxOptions): Inbox {
  const addresses = rabbitmqAddresses(url);
  // Connected when the first queue is served: most processes with this address serve none.
  let link: RabbitmqLink | undefined;
  return {
    async serve(name, work, { maxTaken, maxBodyBytes, onError, signal }) {
      link ??= new RabbitmqLink({ addresses, name: 'kontor inbox', clock, random, log, heartbeatSeconds });
      await withChannels({
        link,
        clock,
        random,
        signal,
        onError,
        async open(session) {
          // Not durable, as existing publishers declare theirs.
          await declare(session, name, { durable: false });
          const channel = await session.openConfirmChannel();
          await channel.prefetch(maxTaken);
          return channel;
        },
        use: async (open) => {
          const queue = new RabbitmqInboxQueue({ name, open, maxTaken, maxBodyBytes, clock });
          await queue.consume();
          await work(queue);
        },
      });
    },
    async close() {
      await link?.close();
    },
  };
}

/** A queue that was declared in another way is used as it is. */
async function declare(session: Session, name: string, options: Options.AssertQueue): Promise<void> {
  // On its own channel, because RabbitMQ closes the channel when the queue was declared in another way.
  const channel = await session.openChannel();
  channel.on('error', () => {});
  try {
    await channel.assertQueue(name, options);
    await channel.close();
  } catch (error) {
    if (replyCode(error) !== 406) throw error;
  }
}

interface QueueOptions {
  readonly name: string;
  readonly open: OpenChannel<ConfirmChannel>;
  readonly maxTaken: number;
  readonly maxBodyBytes: number;
  readonly clock: Clock;
}

class RabbitmqInboxQueue implements InboxQueue {
  readonly lost: AbortSignal;
  readonly #options: QueueOptions;
  readonly #channel: ConfirmChannel;
  /** Handed out by RabbitMQ and not taken yet. With those taken and not acknowledged, they are at most `maxTaken`. */
  readonly #waiting: Arrived[] = [];
  #lastTaken: ConsumeMessage | undefined;
  #arrival = newArrival();
  #isGone = false;
  #deadLettersReady = false;

  constructor(options: QueueOptions) {
    this.lost = options.open.lost;
    this.#options = options;
    this.#channel = options.open.channel;
  }

  /** Exclusive, as a second consumer would get a share of the trades unnoticed, and for as long as the queue is served. */
  async consume(): Promise<void> {
    const { name } = this.#options;
    try {
      await this.#channel.consume(name, (message) => this.#arrived(message), { exclusive: true });
    } catch (error) {
      if (replyCode(error) !== 403) throw error;
      const message = `the queue ${name} has another consumer: stop it, as each message goes to one consumer only`;
      throw new KontorError('unavailable', message, { cause: error });
    }
  }

  #arrived(message: ConsumeMessage | null): void {
    const { maxTaken, maxBodyBytes } = this.#options;
    if (message) {
      const { content, fields } = message;
      const size = content.length;
      // A copy, so that the rest of a long body is freed.
      message.content = size > maxBodyBytes ? Buffer.from(content.subarray(0, maxBodyBytes)) : content;
      this.#waiting.push({ handed: { body: message.content, size, redelivered: fields.redelivered }, message });
    }
    // An empty message says that the queue was deleted, or moves to another node.
    else this.#isGone = true;
    this.#arrival.first.resolve();
    if (this.#isGone || this.#waiting.length >= maxTaken) this.#arrival.enough.abort();
  }

  async take(waitMs: number, signal: AbortSignal): Promise<readonly InboxMessage[]> {
    const { name, clock, maxTaken } = this.#options;
    const { first, enough } = this.#arrival;
    const end = AbortSignal.any([signal, this.lost, enough.signal]);
    if (this.#waiting.length === 0) await Promise.race([first.promise, aborted(end)]);
    await clock.sleep(waitMs, end);
    // Removes the listeners on the signals that live longer.
    enough.abort();
    this.lost.throwIfAborted();
    if (this.#isGone) throw new KontorError('unavailable', `RabbitMQ has taken the queue ${name} away`);
    const taken = this.#waiting.splice(0, maxTaken);
    this.#lastTaken = taken.at(-1)?.message;
    this.#arrival = newArrival();
    return taken.map(({ handed }) => handed);
  }

  async putAside(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    await this.#makeDeadLetterQueue();
    for (const { message, reason } of letters) {
      const { body, size } = message;
      const headers = { 'x-kontor-queue': this.#options.name, 'x-kontor-reason': reason, 'x-kontor-bytes': size };
      this.#channel.sendToQueue(deadLetterQueue, Buffer.from(body), { persistent: true, headers });
    }
    await this.#channel.waitForConfirms();
  }

  async acknowledge(): Promise<void> {
    // All of the take with one request: a connection that breaks down acknowledges all of them or none.
    if (this.#lastTaken) this.#channel.ack(this.#lastTaken, true);
    this.#lastTaken = undefined;
    // An acknowledgement has no answer; this request is answered after it was carried out.
    await this.#channel.checkQueue(this.#options.name);
  }

  async #makeDeadLetterQueue(): Promise<void> {
    if (this.#deadLettersReady) return;
    await declare(this.#options.open.session, deadLetterQueue, { durable: true, arguments: deadLetterLimits });
    this.#deadLettersReady = true;
  }
}

interface Arrived {
  readonly handed: InboxMessage;
  /** For its acknowledgement. */
  readonly message: ConsumeMessage;
}

/** What the next take waits for. */
interface Arrival {
  readonly first: PromiseWithResolvers<void>;
  readonly enough: AbortController;
}

function newArrival(): Arrival {
  return { first: Promise.withResolvers(), enough: new AbortController() };
}

function replyCode(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null)?.code;
}
