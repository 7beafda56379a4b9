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
  // Connected when the first queue is served: most processes with this address serve none.
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

/** Not durable, as existing publishers declare theirs; a queue that was declared in another way is used as it is. */
async function makeQueue(session: Session, name: string): Promise<void> {
  // On its own channel, because RabbitMQ closes the channel when the queue was declared in another way.
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

  /** Messages arrive from here on until `take` ends it. Exclusive: a second consumer would get a share of the trades unnoticed. */
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
      // An empty message says that the queue was deleted, or moves to another node.
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
        `the queue ${this.#name} has another consumer: stop it, as each message goes to one consumer only`,
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
    // Removes the listeners on the signals that live longer.
    arriving.enough.abort();
    this.lost.throwIfAborted();
    if (arriving.gone) throw new KontorError('unavailable', `RabbitMQ has taken the queue ${this.#name} away`);
    // After the answer nothing more arrives, and all that arrived is in `messages`.
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
    // An acknowledgement has no answer; this request is answered after it was carried out.
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

/** What arrived since the consumer was made. */
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
