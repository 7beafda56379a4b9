/** Knows a batch of messages again that a broker hands out a second time: the messages of existing publishers have no numbers. */
import { createHash } from 'node:crypto';
import type { InboxMessage } from '../ports/inbox.ts';

/** Of a batch that is stored, kept until the broker has confirmed its acknowledgement. */
export interface BatchNote {
  readonly count: number;
  readonly hash: string;
}

export function noteOf(messages: readonly InboxMessage[]): BatchNote {
  const hash = createHash('sha256');
  const length = new Uint32Array(1);
  for (const { body, size } of messages) {
    // The length first, because the same bytes cut in other places are other messages.
    length[0] = size;
    hash.update(length).update(body);
  }
  return { count: messages.length, hash: hash.digest('hex') };
}

/** How many of the messages, from the first on, are that batch again. */
export function countKnown(messages: readonly InboxMessage[], note: BatchNote | undefined): number {
  if (note === undefined || messages.length < note.count) return 0;
  const begin = messages.slice(0, note.count);
  return begin.every(({ redelivered }) => redelivered) && noteOf(begin).hash === note.hash ? note.count : 0;
}
