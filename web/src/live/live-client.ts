/**
 * The WebSocket to `/live`, one for the whole page: it subscribes channels, and reconnects and resumes them by itself.
 *
 * Silence reveals a half-open connection: after `quietMs` the client sends a ping, after `deadMs` it reconnects.
 */
import type { Socket, Surroundings } from '../browser.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import { type ClientMessage, readServerMessage, type ServerMessage } from './messages.ts';

export type Connection =
  | { readonly state: 'connecting' }
  /** `reconnectedAt` is set after a loss; `whole` as soon as every channel goes on exactly where it was. */
  | { readonly state: 'live'; readonly reconnectedAt: number | undefined; readonly whole: boolean }
  | { readonly state: 'reconnecting'; readonly since: number }
  /** The tab is hidden. */
  | { readonly state: 'paused' };

type Snapshot = Extract<ServerMessage, { type: 'snap' }>;
type Delta = Extract<ServerMessage, { type: 'delta' }>;

export interface Subscriber {
  /** Updates per second, 1 to 10. */
  readonly updatesPerSecond: number;
  snapshot(state: Snapshot['state'], epoch: string): void;
  delta(changed: Delta['changed']): void;
  refused?(message: string): void;
}

export const liveLimits = {
  /** A page is back within 3 seconds of the house. */
  backoff: { firstMs: 400, limitMs: 2_500 } satisfies Backoff,
  openWithinMs: 8_000,
  quietMs: 5_000,
  deadMs: 12_000,
  channels: 16,
  /** After this many gaps in a row, a channel starts anew instead of requesting the missing part. */
  gapsBeforeFresh: 3,
};

interface Channel {
  readonly subscriber: Subscriber;
  position: { readonly epoch: string; readonly pos: number } | undefined;
  gaps: number;
}

export class LiveClient {
  readonly #surroundings: Surroundings;
  readonly #channels = new Map<string, Channel>();
  readonly #listeners = new Set<() => void>();
  #connection: Connection = { state: 'connecting' };
  #socket: Socket | undefined;
  #open = false;
  #attempt = 0;
  #wasLive = false;
  #lostAt: number | undefined;
  /** Channels that have not gone on since the reconnect; undefined without a loss, or when something was lost. */
  #resuming: Set<string> | undefined;
  #cancelRetry: () => void = () => {};
  #cancelWatch: () => void = () => {};

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  connection = (): Connection => this.#connection;

  onConnection = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Connects, or reconnects without waiting any longer. */
  connect(): void {
    if (this.#socket !== undefined) return;
    this.#cancelRetry();
    if (this.#connection.state === 'paused') this.#setConnection(this.#disconnectedState());
    this.#socket = this.#surroundings.openSocket({
      opened: () => this.#resume(),
      received: (text) => this.#receive(text),
      closed: () => this.#reconnect(),
    });
    this.#watch(liveLimits.openWithinMs, () => this.#reconnect());
  }

  /** Closes the connection until `connect` is called. Positions are kept, so nothing is missed. */
  pause(): void {
    this.#disconnect();
    this.#cancelRetry();
    this.#lostAt = undefined;
    this.#setConnection({ state: 'paused' });
  }

  /** A channel has one subscriber. The returned function unsubscribes. */
  subscribe(name: string, subscriber: Subscriber): () => void {
    if (this.#channels.has(name)) throw new Error(`channel ${name} is subscribed already`);
    if (this.#channels.size >= liveLimits.channels) throw new Error(`more than ${liveLimits.channels} live channels on one page`);
    const channel: Channel = { subscriber, position: undefined, gaps: 0 };
    this.#channels.set(name, channel);
    if (this.#open) this.#requestChannel(name, channel);
    return () => {
      if (this.#channels.get(name) !== channel) return;
      this.#channels.delete(name);
      this.#resumed(name, true);
      if (this.#open) this.#send({ type: 'unsub', channel: name });
    };
  }

  #resume(): void {
    this.#open = true;
    for (const [name, channel] of this.#channels) this.#requestChannel(name, channel);
    const cameBack = this.#wasLive && this.#lostAt !== undefined;
    this.#resuming = cameBack
      ? new Set([...this.#channels].flatMap(([name, { position }]) => (position === undefined ? [] : [name])))
      : undefined;
    this.#setConnection({
      state: 'live',
      reconnectedAt: cameBack ? this.#surroundings.now() : undefined,
      whole: this.#resuming?.size === 0,
    });
    this.#wasLive = true;
    this.#lostAt = undefined;
    this.#restartWatch();
  }

  #receive(text: string): void {
    const message = readServerMessage(text);
    if (message === undefined) {
      this.#reconnect();
      return;
    }
    // Not in #resume: a server that opens connections and closes them at once must not reset the wait.
    this.#attempt = 0;
    this.#restartWatch();
    switch (message.type) {
      case 'snap':
        this.#applySnapshot(message);
        return;
      case 'delta':
        this.#applyDelta(message);
        return;
      case 'error':
        if (message.channel !== undefined) this.#channels.get(message.channel)?.subscriber.refused?.(message.message);
        return;
      case 'bye':
        this.#reconnect();
        return;
      case 'pong':
        return;
    }
  }

  #applySnapshot(message: Snapshot): void {
    const channel = this.#channels.get(message.channel);
    if (channel === undefined) return;
    const before = channel.position;
    channel.position = { epoch: message.epoch, pos: message.pos };
    channel.gaps = 0;
    this.#resumed(message.channel, before === undefined || (before.epoch === message.epoch && before.pos <= message.pos));
    channel.subscriber.snapshot(message.state, message.epoch);
  }

  #applyDelta(message: Delta): void {
    const channel = this.#channels.get(message.channel);
    // A delta with an equal position changes something other than trades. Duplicates are harmless.
    if (channel?.position === undefined || message.pos < channel.position.pos) return;
    if (message.base > channel.position.pos) {
      channel.gaps += 1;
      if (channel.gaps >= liveLimits.gapsBeforeFresh) channel.position = undefined;
      this.#requestChannel(message.channel, channel);
      return;
    }
    channel.position = { epoch: channel.position.epoch, pos: message.pos };
    channel.gaps = 0;
    this.#resumed(message.channel, true);
    channel.subscriber.delta(message.changed);
  }

  /** `whole` says that the channel goes on where it was. */
  #resumed(channel: string, whole: boolean): void {
    if (this.#resuming === undefined || this.#connection.state !== 'live') return;
    if (!whole) {
      this.#resuming = undefined;
      return;
    }
    if (!this.#resuming.delete(channel) || this.#resuming.size > 0) return;
    this.#setConnection({ state: 'live', reconnectedAt: this.#connection.reconnectedAt, whole: true });
  }

  #requestChannel(name: string, { subscriber, position }: Channel): void {
    this.#send({ type: 'sub', channel: name, hz: subscriber.updatesPerSecond, ...(position === undefined ? {} : { since: position }) });
  }

  #send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  /** Restarts the detection of silence. */
  #restartWatch(): void {
    this.#watch(liveLimits.quietMs, () => {
      this.#send({ type: 'ping', at: this.#surroundings.now() });
      this.#watch(liveLimits.deadMs - liveLimits.quietMs, () => this.#reconnect());
    });
  }

  #watch(delayMs: number, work: () => void): void {
    this.#cancelWatch();
    this.#cancelWatch = this.#surroundings.after(delayMs, work);
  }

  #reconnect(): void {
    this.#disconnect();
    this.#lostAt ??= this.#surroundings.now();
    this.#setConnection(this.#disconnectedState());
    this.#cancelRetry();
    const delayMs = backoffMs(liveLimits.backoff, this.#attempt, this.#surroundings.random());
    this.#attempt += 1;
    this.#cancelRetry = this.#surroundings.after(delayMs, () => this.connect());
  }

  #disconnectedState(): Connection {
    return this.#lostAt === undefined ? { state: 'connecting' } : { state: 'reconnecting', since: this.#lostAt };
  }

  #disconnect(): void {
    this.#cancelWatch();
    this.#socket?.drop();
    this.#socket = undefined;
    this.#open = false;
  }

  #setConnection(connection: Connection): void {
    this.#connection = connection;
    for (const listener of this.#listeners) listener();
  }
}
