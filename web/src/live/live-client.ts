/**
 * One WebSocket to `/live` for the whole page: subscribes channels, resumes them where they were, and reconnects by itself.
 *
 * A half-open connection is noticed by silence: after `quietMs` we ask with a ping, after `deadMs` we let go and connect anew.
 */
import type { Socket, Surroundings } from '../browser.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import { type ClientMessage, readServerMessage, type ServerMessage } from './messages.ts';

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' /** When it came back, after it was lost. */; readonly reconnectedAt: number | undefined }
  | { readonly state: 'reconnecting'; readonly since: number }
  /** The tab is hidden: nobody looks, so nothing is sent. */
  | { readonly state: 'paused' };

type Snapshot = Extract<ServerMessage, { type: 'snap' }>;
type Delta = Extract<ServerMessage, { type: 'delta' }>;

export interface Subscriber {
  /** Updates a second, 1 to 10. */
  readonly updatesPerSecond: number;
  snapshot(state: Snapshot['state'], epoch: string): void;
  delta(changed: Delta['changed']): void;
  refused?(message: string): void;
}

export const liveLimits = {
  backoff: { firstMs: 400, limitMs: 15_000 } satisfies Backoff,
  openWithinMs: 8_000,
  quietMs: 5_000,
  deadMs: 12_000,
  channels: 16,
  /** Gaps in a row after which a channel starts anew instead of asking for what is missing. */
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
  #callOffRetry: () => void = () => {};
  #callOffWatch: () => void = () => {};

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  connection = (): Connection => this.#connection;

  onConnection = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Starts, or tries again at once when it is waiting to. */
  connect(): void {
    if (this.#socket !== undefined) return;
    this.#callOffRetry();
    if (this.#connection.state === 'paused') this.#become(this.#lostState());
    const socket = this.#surroundings.openSocket({
      opened: () => this.#opened(),
      received: (text) => this.#received(text),
      closed: () => this.#lost(),
    });
    this.#socket = socket;
    this.#watch(liveLimits.openWithinMs, () => this.#lost());
  }

  /** Lets go of the connection until `connect` is called; positions are kept, so nothing is missed. */
  pause(): void {
    this.#letGo();
    this.#callOffRetry();
    this.#lostAt = undefined;
    this.#become({ state: 'paused' });
  }

  /** One subscriber a channel. The answer ends the subscription. */
  subscribe(name: string, subscriber: Subscriber): () => void {
    if (this.#channels.has(name)) throw new Error(`channel ${name} is subscribed already`);
    if (this.#channels.size >= liveLimits.channels) throw new Error(`more than ${liveLimits.channels} live channels on one page`);
    const channel: Channel = { subscriber, position: undefined, gaps: 0 };
    this.#channels.set(name, channel);
    if (this.#open) this.#ask(name, channel);
    return () => {
      if (this.#channels.get(name) !== channel) return;
      this.#channels.delete(name);
      if (this.#open) this.#send({ type: 'unsub', channel: name });
    };
  }

  #opened(): void {
    this.#open = true;
    for (const [name, channel] of this.#channels) this.#ask(name, channel);
    const cameBack = this.#wasLive && this.#lostAt !== undefined;
    this.#become({ state: 'live', reconnectedAt: cameBack ? this.#surroundings.now() : undefined });
    this.#wasLive = true;
    this.#lostAt = undefined;
    this.#listen();
  }

  #received(text: string): void {
    const message = readServerMessage(text);
    if (message === undefined) {
      this.#lost();
      return;
    }
    // Only now: a server that takes connections and drops them must not be asked ever faster.
    this.#attempt = 0;
    this.#listen();
    switch (message.type) {
      case 'snap':
        this.#snapshot(message);
        return;
      case 'delta':
        this.#delta(message);
        return;
      case 'error':
        if (message.channel !== undefined) this.#channels.get(message.channel)?.subscriber.refused?.(message.message);
        return;
      case 'bye':
        this.#lost();
        return;
      case 'pong':
        return;
    }
  }

  #snapshot(message: Snapshot): void {
    const channel = this.#channels.get(message.channel);
    if (channel === undefined) return;
    channel.position = { epoch: message.epoch, pos: message.pos };
    channel.gaps = 0;
    channel.subscriber.snapshot(message.state, message.epoch);
  }

  #delta(message: Delta): void {
    const channel = this.#channels.get(message.channel);
    // An equal position is news as well: something beside the trades changed. What comes twice does no harm.
    if (channel?.position === undefined || message.pos < channel.position.pos) return;
    if (message.base > channel.position.pos) {
      channel.gaps += 1;
      if (channel.gaps >= liveLimits.gapsBeforeFresh) channel.position = undefined;
      this.#ask(message.channel, channel);
      return;
    }
    channel.position = { epoch: channel.position.epoch, pos: message.pos };
    channel.gaps = 0;
    channel.subscriber.delta(message.changed);
  }

  #ask(name: string, { subscriber, position }: Channel): void {
    this.#send({ type: 'sub', channel: name, hz: subscriber.updatesPerSecond, ...(position === undefined ? {} : { since: position }) });
  }

  #send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  /** Something was heard: the next silence is counted from now. */
  #listen(): void {
    this.#watch(liveLimits.quietMs, () => {
      this.#send({ type: 'ping', at: this.#surroundings.now() });
      this.#watch(liveLimits.deadMs - liveLimits.quietMs, () => this.#lost());
    });
  }

  #watch(delayMs: number, work: () => void): void {
    this.#callOffWatch();
    this.#callOffWatch = this.#surroundings.after(delayMs, work);
  }

  #lost(): void {
    this.#letGo();
    this.#lostAt ??= this.#surroundings.now();
    this.#become(this.#lostState());
    this.#callOffRetry();
    const delayMs = backoffMs(liveLimits.backoff, this.#attempt, this.#surroundings.random());
    this.#attempt += 1;
    this.#callOffRetry = this.#surroundings.after(delayMs, () => this.connect());
  }

  #lostState(): Connection {
    return this.#lostAt === undefined ? { state: 'connecting' } : { state: 'reconnecting', since: this.#lostAt };
  }

  #letGo(): void {
    this.#callOffWatch();
    this.#socket?.drop();
    this.#socket = undefined;
    this.#open = false;
  }

  #become(connection: Connection): void {
    this.#connection = connection;
    for (const listener of this.#listeners) listener();
  }
}
