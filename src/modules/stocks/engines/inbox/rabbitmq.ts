/** The Inbox on RabbitMQ: queues of the default exchange, one exclusive consumer at a time. */
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
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
const maxDeadLetters = 100_000;

export function openRabbitmqInbox({ url, clock, random, log, heartbeatSeconds = 10 }: RabbitmqInboxOptions): Inbox {
  const addresses = rabbitmqAddresses(url);
  // Connected when a queue is first served: most processes of a house that knows this address never serve one.
  let link: RabbitmqLink | undefined;
  return {
    async serve(name, work, { maxTaken, onError, signal }) {
      link ??= new RabbitmqLink({ addresses, name: 'kontor inbox', clock, random, log, heartbeatSeconds });
      await withChannels({
        link,
        clock,
        random,
        signal,
        onError,
        async open(session) {
          await makeQueue(session, name);
          const channel = await session.openConfirmChannel();
          await channel.prefetch(maxTaken);
          return channel;
        },
        use: async (open) => {
          const queue = new RabbitmqInboxQueue(name, open, maxTaken, clock);
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

/** Not durable, as existing publishers declare theirs; one that its sender made otherwise is taken as it is. */
async function makeQueue(session: Session, name: string): Promise<void> {
  // On a channel of its own, because RabbitMQ closes the channel when the queue is another one.
  const channel = await session.openChannel();
  channel.on('error', () => {});
  try {
    await channel.assertQueue(name, { durable: false });
    await channel.close();
  } catch (error) {
    if (replyCode(error) !== 406) throw error;
  }
}

class RabbitmqInboxQueue implements InboxQueue {
  readonly lost: AbortSignal;
  readonly #name: string;
  readonly #channel: ConfirmChannel;
  readonly #maxTaken: number;
  readonly #clock: Clock;
  #arriving: Arriving | undefined;
  #deadLettersReady = false;

  constructor(name: string, { channel, lost }: OpenChannel<ConfirmChannel>, maxTaken: number, clock: Clock) {
    this.lost = lost;
    this.#name = name;
    this.#channel = channel;
    this.#maxTaken = maxTaken;
    this.#clock = clock;
  }

  /** Has messages come; `take` ends that. Exclusive: a second consumer would get a share of the trades, and nobody would notice. */
  async consume(): Promise<Arriving> {
    const arriving: Arriving = {
      messages: [],
      first: Promise.withResolvers(),
      enough: new AbortController(),
      consumerTag: '',
      gone: false,
    };
    const onMessage = (message: ConsumeMessage | null) => {
      if (message) arriving.messages.push({ body: message.content, redelivered: message.fields.redelivered });
      // RabbitMQ says with an empty message that the queue was deleted, or moves to another node.
      else arriving.gone = true;
      arriving.first.resolve();
      if (arriving.gone || arriving.messages.length >= this.#maxTaken) arriving.enough.abort();
    };
    try {
      arriving.consumerTag = (await this.#channel.consume(this.#name, onMessage, { exclusive: true })).consumerTag;
    } catch (error) {
      if (replyCode(error) !== 403) throw error;
      throw new KontorError(
        'unavailable',
        `the queue ${this.#name} has another consumer: stop that one, as each message goes to one only`,
        {
          cause: error,
        },
      );
    }
    this.#arriving = arriving;
    return arriving;
  }

  async take(waitMs: number, signal: AbortSignal): Promise<readonly InboxMessage[]> {
    const arriving = this.#arriving ?? (await this.consume());
    const end = AbortSignal.any([signal, this.lost, arriving.enough.signal]);
    await Promise.race([arriving.first.promise, aborted(end)]);
    await this.#clock.sleep(waitMs, end);
    // Lets go of the listeners on the signals that live longer.
    arriving.enough.abort();
    this.lost.throwIfAborted();
    if (arriving.gone) throw new KontorError('unavailable', `RabbitMQ has taken the queue ${this.#name} away`);
    // Once this is answered nothing more comes, and all that came is in `messages`.
    await this.#channel.cancel(arriving.consumerTag);
    this.#arriving = undefined;
    return arriving.messages;
  }

  async putAside(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    await this.#makeDeadLetterQueue();
    for (const { message, reason } of letters) {
      this.#channel.sendToQueue(deadLetterQueue, Buffer.from(message.body), {
        persistent: true,
        headers: { 'x-kontor-queue': this.#name, 'x-kontor-reason': reason },
      });
    }
    await this.#channel.waitForConfirms();
  }

  async acknowledge(): Promise<void> {
    this.#channel.ackAll();
    // An acknowledgement has no answer of its own; this question is answered after it was carried out.
    await this.#channel.checkQueue(this.#name);
  }

  async #makeDeadLetterQueue(): Promise<void> {
    if (this.#deadLettersReady) return;
    await this.#channel.assertQueue(deadLetterQueue, {
      durable: true,
      arguments: { 'x-max-length': maxDeadLetters, 'x-overflow': 'drop-head' },
    });
    this.#deadLettersReady = true;
  }
}

/** What came since the consumer was made. */
interface Arriving {
  readonly messages: InboxMessage[];
  readonly first: PromiseWithResolvers<void>;
  readonly enough: AbortController;
  consumerTag: string;
  gone: boolean;
}

function replyCode(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null)?.code;
}
