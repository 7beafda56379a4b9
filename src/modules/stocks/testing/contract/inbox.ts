/** What every Inbox must do: the promises of the port, each as a test. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { until } from '#testkit/until.ts';
import type { Inbox, InboxMessage, InboxQueue } from '../../ports/inbox.ts';

interface InboxWorld {
  readonly inbox: Inbox;
  /** A queue that nobody else uses. */
  readonly queue: string;
  send(...bodies: readonly string[]): Promise<void>;
  /** Bodies and reasons put aside so far from this queue, oldest first. */
  deadLetters(): Promise<readonly (readonly [string, string])[]>;
}

export interface InboxContractOptions {
  open(t: TestContext): Promise<InboxWorld>;
}

const waitMs = 50;
const maxTaken = 2;
const maxBodyBytes = 10;

export function inboxContract(name: string, { open }: InboxContractOptions): void {
  describe(`the Inbox contract on ${name}`, () => {
    it('hands out the oldest messages in order, at most maxTaken', async (t) => {
      const { world, serve } = await opened(t, open);
      await world.send('1', '2', '3', '4', '5');
      const takes: string[] = [];
      await serve(3, async (queue, signal) => {
        takes.push(textOf(await queue.take(waitMs, signal)));
        await queue.acknowledge();
      });
      assert.deepEqual(takes, ['1 2', '3 4', '5']);
    });

    it('hands out unacknowledged messages again, first and in order, marked as redelivered', async (t) => {
      const { world, serve } = await opened(t, open);
      await world.send('1', '2', '3');
      const takes: string[] = [];
      const flags: boolean[][] = [];
      await serve(3, async (queue, signal) => {
        const taken = await queue.take(waitMs, signal);
        takes.push(textOf(taken));
        flags.push(taken.map(({ redelivered }) => redelivered));
        if (takes.length === 1) {
          await world.send('4');
          throw new Error('it broke down here');
        }
        await queue.acknowledge();
      });
      assert.deepEqual(takes, ['1 2', '1 2', '3 4']);
      assert.deepEqual(flags, [
        [false, false],
        [true, true],
        [false, false],
      ]);
    });

    it('hands out the beginning of a long body, and how long it was', async (t) => {
      const { world, serve } = await opened(t, open);
      await world.send('x'.repeat(1_000_000), 'short');
      let taken: readonly InboxMessage[] = [];
      await serve(1, async (queue, signal) => {
        taken = await queue.take(waitMs, signal);
        await queue.putAside(taken.slice(0, 1).map((message) => ({ message, reason: 'it is long' })));
        await queue.acknowledge();
      });
      assert.deepEqual(
        taken.map(({ body, size }) => [body.length, body.buffer.byteLength <= 100_000, size]),
        [
          [maxBodyBytes, true, 1_000_000],
          [5, true, 5],
        ],
      );
      assert.deepEqual(await world.deadLetters(), [['x'.repeat(maxBodyBytes), 'it is long']]);
    });

    it('reports failures, and serves the queue again', async (t) => {
      const { serve, errors } = await opened(t, open);
      let served = 0;
      await serve(2, async () => {
        served += 1;
        if (served === 1) throw new Error('it broke down here');
      });
      assert.equal(served, 2);
      assert.match(String(errors[0]), /it broke down here/);
    });

    it('keeps dead letters with their reason', async (t) => {
      const { world, serve } = await opened(t, open);
      await world.send('good', 'bad');
      await serve(1, async (queue, signal) => {
        const [, bad] = await queue.take(waitMs, signal);
        if (bad) await queue.putAside([{ message: bad, reason: 'it is bad' }]);
        await queue.acknowledge();
      });
      assert.deepEqual(await world.deadLetters(), [['bad', 'it is bad']]);
    });
  });
}

async function opened(t: TestContext, open: InboxContractOptions['open']) {
  const world = await open(t);
  const errors: unknown[] = [];

  /** Serves the queue for so many turns. */
  async function serve(turns: number, turn: (queue: InboxQueue, signal: AbortSignal) => Promise<void>): Promise<void> {
    const over = new AbortController();
    let begun = 0;
    const work = async (queue: InboxQueue) => {
      while (!over.signal.aborted) {
        begun += 1;
        const isLast = begun >= turns;
        await turn(queue, over.signal).finally(() => {
          if (isLast) over.abort();
        });
      }
    };
    const serving = world.inbox.serve(world.queue, work, {
      maxTaken,
      maxBodyBytes,
      signal: over.signal,
      onError: (error) => errors.push(error),
    });
    await until(serving, { describe: () => `${turns} turns; ${begun} were begun` });
  }
  return { world, serve, errors };
}

function textOf(messages: readonly InboxMessage[]): string {
  return messages.map(({ body }) => Buffer.from(body).toString()).join(' ');
}
