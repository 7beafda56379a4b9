/** An existing publisher, written from the contract alone (design, section 6): plain JSON on a queue named after the company. */
import { connect } from 'amqplib';

export interface ForeignPublisher {
  /** Declares the company's queue as such publishers do, and sends one message per trade. */
  send(company: string, trades: readonly ForeignTrade[]): Promise<void>;
  /** Sends a message that is not a trade. */
  sendRaw(company: string, body: string): Promise<void>;
  /** The number of messages in the queue. */
  waiting(company: string): Promise<number>;
  /** Takes one message from a queue: its body and headers. */
  takeOne(queue: string): Promise<{ readonly body: string; readonly headers: Readonly<Record<string, unknown>> } | undefined>;
  /** Deletes the queues that it declared, and disconnects. */
  close(): Promise<void>;
}

export interface ForeignTrade {
  readonly eventType: 'buy' | 'sell';
  readonly price: number;
}

export async function startForeignPublisher(url: string): Promise<ForeignPublisher> {
  const connection = await connect(url);
  // Confirmed only so that the test knows what arrived; the contract does not require it.
  const channel = await connection.createConfirmChannel();
  const declared = new Set<string>();

  async function declare(company: string): Promise<void> {
    if (declared.has(company)) return;
    await channel.assertQueue(company, { durable: false });
    declared.add(company);
  }

  async function sendRaw(company: string, body: string): Promise<void> {
    await declare(company);
    channel.publish('', company, Buffer.from(body));
    await channel.waitForConfirms();
  }

  return {
    async send(company, trades) {
      await declare(company);
      for (const { eventType, price } of trades) channel.publish('', company, Buffer.from(JSON.stringify({ company, eventType, price })));
      await channel.waitForConfirms();
    },
    sendRaw,
    async waiting(company) {
      return (await channel.checkQueue(company)).messageCount;
    },
    async takeOne(queue) {
      const message = await channel.get(queue, { noAck: true });
      return message === false ? undefined : { body: message.content.toString(), headers: message.properties.headers ?? {} };
    },
    async close() {
      for (const company of declared) await channel.deleteQueue(company);
      await connection.close();
    },
  };
}
