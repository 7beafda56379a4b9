/** The Inbox in memory keeps the port's promises, so that what is tried on it holds on a real broker too. */
import { inboxContract } from './contract/inbox.ts';
import { MemoryInbox } from './inbox.ts';

inboxContract('memory', {
  async open() {
    const inbox = new MemoryInbox();
    return {
      inbox,
      queue: 'MSFT',
      send: async (...bodies) => inbox.send('MSFT', ...bodies),
      deadLetters: async () => inbox.deadLetters.map(({ message, reason }) => [Buffer.from(message.body).toString(), reason] as const),
    };
  },
});
