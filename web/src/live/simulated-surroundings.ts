/** For tests: surroundings with a simulated clock, timers and sockets. */
import type { Socket, SocketListener, Surroundings } from '../browser.ts';

export class SimulatedSocket implements Socket {
  readonly sent: unknown[] = [];
  readonly listener: SocketListener;
  dropped = false;

  constructor(listener: SocketListener) {
    this.listener = listener;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  drop(): void {
    this.dropped = true;
  }

  hear(message: unknown): void {
    this.listener.received(typeof message === 'string' ? message : JSON.stringify(message));
  }
}

export class SimulatedSurroundings implements Surroundings {
  readonly sockets: SimulatedSocket[] = [];
  chance = 1;
  #now = 1_000;
  #timers: { readonly at: number; readonly work: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.chance;
  }

  after(delayMs: number, work: () => void): () => void {
    const timer = { at: this.#now + delayMs, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  openSocket(listener: SocketListener): Socket {
    const socket = new SimulatedSocket(listener);
    this.sockets.push(socket);
    return socket;
  }

  /** Advances the clock, and runs due timers in order. */
  pass(durationMs: number): void {
    const end = this.#now + durationMs;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).toSorted((left, right) => left.at - right.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#now = due.at;
      due.work();
    }
    this.#now = end;
  }

  waiting(): number {
    return this.#timers.length;
  }

  /** The newest socket, which must be open. */
  socket(): SimulatedSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined || socket.dropped) throw new Error('no socket is open');
    return socket;
  }
}
