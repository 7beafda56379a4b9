/** A connection to RabbitMQ that reconnects to any of its hosts, and channels that are reopened with it. */
import { type Channel, type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { backoffMs } from '#core/backoff.ts';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import { aborted, withinTime } from '#core/within-time.ts';
import type { RabbitmqAddress } from './rabbitmq-address.ts';
import { rabbitmqError } from './rabbitmq-errors.ts';

export interface LinkOptions {
  readonly addresses: readonly RabbitmqAddress[];
  /** Shown in RabbitMQ's management UI. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly log: Log;
  /** A connection that is silent for two or three heartbeats is lost. */
  readonly heartbeatSeconds: number;
}

/** A node that waits for another node may answer late or never, while its heartbeats continue. */
export const answerTimeoutMs = 15_000;
const connectTimeoutMs = 5_000;
const closeTimeoutMs = 2_000;
const firstPauseMs = 50;
/** A broker that is back is used within a second or two. */
const maxPauseMs = 1_000;

export class Session {
  readonly serverVersion: string;
  readonly #connection: ChannelModel;
  readonly #lost = new AbortController();
  #alarm: string | undefined;

  constructor(connection: ChannelModel) {
    this.#connection = connection;
    this.serverVersion = connection.connection.serverProperties.version;
    // The reason comes with `close`.
    connection.on('error', () => {});
    connection.on('blocked', (reason) => {
      this.#alarm = reason;
    });
    connection.on('unblocked', () => {
      this.#alarm = undefined;
    });
    connection.on('close', (error) => {
      this.#destroySocket();
      this.#lost.abort(rabbitmqError(error ?? new Error('the connection was closed')));
    });
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Why RabbitMQ accepts no messages at the moment, such as `low on disk`. */
  get alarm(): string | undefined {
    return this.#alarm;
  }

  openChannel(): Promise<Channel> {
    return this.#connection.createChannel();
  }

  /** A small buffer: frames that wait in ours can still be withdrawn. */
  openConfirmChannel(): Promise<ConfirmChannel> {
    return this.#connection.createConfirmChannel({ highWaterMark: 64 });
  }

  async close(clock: Clock): Promise<void> {
    if (!this.lost.aborted) await withinTime(clock, closeTimeoutMs, this.#connection.close()).catch(() => {});
    this.#destroySocket();
  }

  /** The driver only ends the socket, which keeps a half-open connection until the system gives up. */
  #destroySocket(): void {
    const { stream } = this.#connection.connection as { stream?: { destroy(): void } };
    stream?.destroy();
  }
}

export class RabbitmqLink {
  readonly #options: LinkOptions;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #arrival = newArrival();
  #session: Session | undefined;
  #failure: KontorError | undefined;
  #failedHosts = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Waits for the connection; rejects with the last failure. */
  async session(timeoutMs: number): Promise<Session> {
    if (this.#closing.signal.aborted) throw closed();
    if (this.#session) return this.#session;
    try {
      return await withinTime(this.#options.clock, timeoutMs, this.#arrival.promise);
    } catch (error) {
      throw this.#failure ?? error;
    }
  }

  /** Waits for the first connection; rejects at once when every host refuses the name or password. */
  async opened(timeoutMs: number): Promise<void> {
    const { clock, addresses } = this.#options;
    const untilMs = clock.monotonicMs() + timeoutMs;
    while (!this.#session) {
      if (this.#failure && !this.#failure.retryable && this.#failedHosts >= addresses.length) throw this.#failure;
      if (clock.monotonicMs() > untilMs)
        throw this.#failure ?? new KontorError('unavailable', `RabbitMQ did not answer within ${timeoutMs} ms`);
      await clock.sleep(firstPauseMs, this.#closing.signal);
    }
  }

  get current(): Session | undefined {
    return this.#session;
  }

  get failure(): KontorError | undefined {
    return this.#failure;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#arrival.reject(closed());
    await this.#session?.close(this.#options.clock);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { addresses, log, random } = this.#options;
    let next = Math.floor(random.float() * addresses.length);
    while (!this.#closing.signal.aborted) {
      const address = addresses[next % addresses.length] as RabbitmqAddress;
      const at = `${address.hostname}:${address.port}`;
      next += 1;
      try {
        const session = await this.#connect(address);
        if (this.#failure) log.info({ at }, 'RabbitMQ is connected again');
        this.#failedHosts = 0;
        await this.#use(session);
      } catch (error) {
        this.#failure = rabbitmqError(error);
        if (this.#failedHosts === 0 && !this.#closing.signal.aborted)
          log.warn({ at, err: this.#failure }, 'RabbitMQ is not connected; retrying');
        this.#failedHosts += 1;
        await pause(this.#options, this.#failedHosts, this.#closing.signal);
      }
    }
  }

  async #connect(address: RabbitmqAddress): Promise<Session> {
    const { name, heartbeatSeconds } = this.#options;
    const connection = await connect(
      { heartbeat: heartbeatSeconds, ...address },
      { timeout: connectTimeoutMs, noDelay: true, clientProperties: { connection_name: name } },
    );
    return new Session(connection);
  }

  /** Rejects with the reason when the connection is lost. */
  async #use(session: Session): Promise<never> {
    const ended = Promise.withResolvers<never>();
    session.lost.addEventListener('abort', () => ended.reject(session.lost.reason));
    if (session.lost.aborted) throw session.lost.reason;
    if (this.#closing.signal.aborted) await session.close(this.#options.clock);
    this.#session = session;
    this.#failure = undefined;
    this.#arrival.resolve(session);
    try {
      return await ended.promise;
    } finally {
      this.#session = undefined;
      this.#arrival = newArrival();
    }
  }
}

function newArrival(): PromiseWithResolvers<Session> {
  const arrival = Promise.withResolvers<Session>();
  // Callers that wait get the error; without any, it must not be an unhandled rejection.
  arrival.promise.catch(() => {});
  return arrival;
}

function closed(): KontorError {
  return new KontorError('unavailable', 'The stream is closed');
}

async function pause({ clock, random }: Pick<LinkOptions, 'clock' | 'random'>, failures: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(backoffMs(failures, { firstMs: firstPauseMs, maxMs: maxPauseMs }, random), signal);
}

export interface OpenChannel<Kind extends Channel = Channel> {
  readonly channel: Kind;
  readonly session: Session;
  /** Aborts when the channel or its connection is lost, with the reason. */
  readonly lost: AbortSignal;
}

export interface ChannelUse<Kind extends Channel> {
  readonly link: RabbitmqLink;
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  open(session: Session): Promise<Kind>;
  /** Resolves to continue with a new channel, or to end when `signal` has aborted; rejects to continue after a pause. */
  use(open: OpenChannel<Kind>): Promise<void>;
  onError(error: KontorError): void;
  readonly signal: AbortSignal;
}

/** Opens a channel and uses it, again and again until `signal` aborts. Never rejects. */
export async function withChannels<Kind extends Channel>({
  link,
  clock,
  random,
  open,
  use,
  onError,
  signal,
}: ChannelUse<Kind>): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const session = await Promise.race([link.session(connectTimeoutMs), aborted(signal)]);
      if (!session || signal.aborted) return;
      const channel = await withinTime(clock, answerTimeoutMs, open(session));
      const lost = lossOf(channel, session);
      const openedMs = clock.monotonicMs();
      try {
        await use({ channel, session, lost });
      } finally {
        if (clock.monotonicMs() - openedMs > maxPauseMs) failures = 0;
        // RabbitMQ processes the acknowledgements before it answers the close.
        if (!lost.aborted) await withinTime(clock, closeTimeoutMs, channel.close()).catch(() => {});
      }
    } catch (error) {
      failures += 1;
      if (!signal.aborted) onError(rabbitmqError(error));
      await pause({ clock, random }, failures, signal);
    }
  }
}

function lossOf(channel: Channel, session: Session): AbortSignal {
  const lost = new AbortController();
  let reason: unknown;
  channel.on('error', (error) => {
    reason = error;
  });
  channel.on('close', () => lost.abort(rabbitmqError(reason ?? session.lost.reason ?? new Error('the channel was closed'))));
  return lost.signal;
}
