/** Whether a server listens on a port of this machine. */
import { connect } from 'node:net';

const answerTimeoutMs = 2_000;

/** Resolves when a connection is accepted; rejects when none is. */
export function accepts(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: answerTimeoutMs });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => socket.destroy(new Error('it does not answer')));
    socket.once('error', reject);
  });
}
