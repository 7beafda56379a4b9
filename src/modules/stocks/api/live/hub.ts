/** The sockets of `/live`: subscriptions, and the beat at which each due client gets its next message. */
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '#core/ports/clock.ts';
import type { Counter, Gauge, Metrics } from '#core/ports/metrics.ts';
import type { ClientMessage, ServerMessage } from '../live-protocol.ts';
import { type Channel, frameOf, type Place, type Since } from './channel.ts';
import { Client, closeCodes, untilClosed } from './client.ts';
import { defaultHz, readClientMessage } from './messages.ts';

/** How often due clients are looked for. They come due at different beats, so that the work is spread over the period. */
const beatMs = 20;
/** Messages sent before other work gets a turn. */
const sendsPerTurn = 128;
export const maxChannelsPerClient = 32;
/** How long a returning client waits for this instance to come as far as it was, before it gets a snapshot instead. */
export const maxResumeWaitMs = 3_000;
/** Spreads numbers evenly over [0, 1): the fractional parts of multiples of the golden ratio. */
const goldenRatio = 0.6180339887;

interface Subscription {
  readonly client: Client;
  readonly channelName: string;
  readonly channel: Channel;
  readonly periodMs: number;
  dueAtMs: number;
  place: Place | undefined;
  /** Where the client says it is, until that is turned into a place. */
  since: Since | undefined;
  readonly resumeUntilMs: number;
  /** Whether the first message was sent: the second is delayed by a part of a period, to spread the clients. */
  spread: boolean;
}

interface OpenChannel {
  readonly channel: Channel;
  subscribers: number;
}

export interface LiveHubOptions {
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Opens a channel for its first subscriber; an error message when there is none of that name. */
  readonly openChannel: (name: string) => Channel | string;
  /** Called at every beat while there are subscribers. */
  readonly onBeat: () => void;
}

export class LiveHub {
  readonly #options: LiveHubOptions;
  readonly #clock: Clock;
  readonly #clients = new Map<Client, Map<string, Subscription>>();
  readonly #channels = new Map<string, OpenChannel>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #stopping = new AbortController();
  readonly #gauges: { readonly clients: Gauge; readonly messages: Counter; readonly skipped: Counter };
  #wake = Promise.withResolvers<void>();
  #beating: Promise<void> | undefined;
  #draining = false;
  #subscribed = 0;

  constructor(options: LiveHubOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#gauges = {
      clients: options.metrics.gauge('stocks_live_clients', 'Clients connected to /live.'),
      messages: options.metrics.counter('stocks_live_messages_total', 'Snapshots and deltas sent on /live.'),
      skipped: options.metrics.counter('stocks_live_skipped_total', 'Times a client of /live was skipped because it reads too slowly.'),
    };
  }

  start(): void {
    this.#beating ??= this.#beatUntil(this.#stopping.signal);
  }

  open(socket: WebSocket): void {
    const client = new Client(socket, this.#clock);
    if (this.#draining) {
      this.#sayBye(client);
      return;
    }
    this.#clients.set(client, new Map());
    this.#gauges.clients.set(this.#clients.size);
    socket.on('message', (data, isBinary) => this.#receive(client, data, isBinary));
    void client.closed.then(() => this.#forget(client));
  }

  /** Tells every client to connect elsewhere, and waits until they have left; those left when `signal` aborts are cut off. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#draining = true;
    const clients = [...this.#clients.keys()];
    for (const client of clients) this.#sayBye(client);
    await untilClosed(clients, signal);
  }

  async stop(): Promise<void> {
    this.#draining = true;
    this.#stopping.abort();
    this.#wake.resolve();
    await this.#beating;
    for (const client of this.#clients.keys()) client.terminate();
  }

  #sayBye(client: Client): void {
    if (client.isOpen) client.send(frameOf({ type: 'bye', reason: 'this instance is stopping' }));
    client.close(closeCodes.goingAway, 'stopping: connect again and resume');
  }

  #forget(client: Client): void {
    for (const subscription of this.#clients.get(client)?.values() ?? []) this.#remove(subscription);
    this.#clients.delete(client);
    this.#gauges.clients.set(this.#clients.size);
  }

  #receive(client: Client, data: RawData, isBinary: boolean): void {
    if (!client.isOpen || !client.mayAsk()) return;
    if (isBinary) {
      this.#answer(client, { type: 'error', message: 'Messages must be text frames with JSON.' });
      return;
    }
    const read = readClientMessage(data.toString());
    if ('error' in read) {
      this.#answer(client, { type: 'error', ...(read.channel === undefined ? {} : { channel: read.channel }), message: read.error });
      return;
    }
    this.#act(client, read.message);
  }

  #act(client: Client, message: ClientMessage): void {
    switch (message.type) {
      case 'ping':
        this.#answer(client, { type: 'pong', ...(message.at === undefined ? {} : { at: message.at }) });
        return;
      case 'unsub': {
        const subscription = this.#clients.get(client)?.get(message.channel);
        if (subscription !== undefined) this.#remove(subscription);
        return;
      }
      case 'sub':
        this.#subscribe(client, message);
    }
  }

  /** A client that does not read gets no answer: nothing may pile up for it. */
  #answer(client: Client, message: ServerMessage): void {
    if (client.keepsUp()) client.send(frameOf(message));
  }

  #subscribe(client: Client, { channel: name, since, hz = defaultHz }: Extract<ClientMessage, { type: 'sub' }>): void {
    const own = this.#clients.get(client);
    if (own === undefined) return;
    // A second subscription to a channel replaces the first.
    const before = own.get(name);
    if (before === undefined && own.size >= maxChannelsPerClient) {
      this.#answer(client, {
        type: 'error',
        channel: name,
        message: `At most ${maxChannelsPerClient} channels a connection: "unsub" from one first.`,
      });
      return;
    }
    const open = this.#channels.get(name) ?? this.#openChannel(name);
    if (typeof open === 'string') {
      this.#answer(client, { type: 'error', channel: name, message: open });
      return;
    }
    open.subscribers += 1;
    if (before !== undefined) this.#remove(before);
    this.#channels.set(name, open);
    const nowMs = this.#clock.monotonicMs();
    const subscription: Subscription = {
      client,
      channelName: name,
      channel: open.channel,
      periodMs: 1_000 / hz,
      dueAtMs: nowMs,
      place: undefined,
      since,
      resumeUntilMs: nowMs + maxResumeWaitMs,
      spread: false,
    };
    own.set(name, subscription);
    this.#subscriptions.add(subscription);
    this.#wake.resolve();
  }

  #openChannel(name: string): OpenChannel | string {
    const channel = this.#options.openChannel(name);
    return typeof channel === 'string' ? channel : { channel, subscribers: 0 };
  }

  #remove(subscription: Subscription): void {
    const { client, channelName } = subscription;
    if (!this.#subscriptions.delete(subscription)) return;
    this.#clients.get(client)?.delete(channelName);
    const open = this.#channels.get(channelName);
    if (open === undefined) return;
    open.subscribers -= 1;
    if (open.subscribers === 0) this.#channels.delete(channelName);
  }

  async #beatUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#subscriptions.size === 0) {
        this.#wake = Promise.withResolvers<void>();
        await this.#wake.promise;
        continue;
      }
      this.#options.onBeat();
      await this.#serveAllDue();
      await this.#clock.sleep(beatMs, signal);
    }
  }

  async #serveAllDue(): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    let sends = 0;
    for (const subscription of this.#subscriptions) {
      if (subscription.dueAtMs > nowMs || !this.#serve(subscription, nowMs)) continue;
      sends += 1;
      if (sends % sendsPerTurn === 0) await this.#clock.sleep(0);
    }
    if (sends > 0) this.#gauges.messages.add(sends);
  }

  /** True when a message was sent. */
  #serve(subscription: Subscription, nowMs: number): boolean {
    const { client, channel } = subscription;
    if (!client.keepsUp()) {
      this.#gauges.skipped.add(1);
      return false;
    }
    if (subscription.since !== undefined && !this.#resume(subscription, subscription.since, nowMs)) return false;
    const step = channel.next(subscription.place);
    if (step === undefined) return false;
    client.send(step.frame);
    subscription.place = step.place;
    subscription.dueAtMs = step.more ? nowMs : this.#nextDueMs(subscription, nowMs);
    return true;
  }

  /** False while this instance is not yet as far as the client. */
  #resume(subscription: Subscription, since: Since, nowMs: number): boolean {
    const place = subscription.channel.resume(since);
    if (place === 'later' && nowMs < subscription.resumeUntilMs) return false;
    subscription.place = place === 'later' ? undefined : place;
    subscription.since = undefined;
    return true;
  }

  #nextDueMs(subscription: Subscription, nowMs: number): number {
    const { periodMs, dueAtMs } = subscription;
    if (!subscription.spread) {
      subscription.spread = true;
      this.#subscribed += 1;
      return nowMs + periodMs * (1 + ((this.#subscribed * goldenRatio) % 1));
    }
    // Every client keeps its rhythm, however late it was served, or all would be due at once after the first delay. A turn
    // that is nearly over is skipped, so that two updates are never closer than half a period.
    return dueAtMs + periodMs * Math.max(1, Math.ceil((nowMs - dueAtMs) / periodMs + 0.5));
  }
}
