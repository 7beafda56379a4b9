/**
 * Connections to the brokers of Kafka, and who leads what. Only the wire format of the client library is used: its producers
 * and consumers take longer to recover when a broker dies (docs/adr/0012-kafka-by-the-wire-format-of-a-library.md).
 */
import { Connection, findCoordinatorV4, metadataV12 } from '@platformatic/kafka';
import { KontorError } from '#core/errors.ts';
import type { KafkaAddress } from './kafka-address.ts';
import { kafkaError } from './kafka-errors.ts';

interface Broker {
  readonly host: string;
  readonly port: number;
}

interface Api<Request extends unknown[], Answer> {
  async(connection: Connection, ...request: Request): Promise<Answer>;
}

/**
 * A broker handles the requests of one connection one after another, so that one which waits (for data, for members of a
 * group, for copies) delays those behind it: each lane has separate connections.
 */
export type Lane = string;

export interface LinkSettings {
  readonly address: KafkaAddress;
  /** Shown in Kafka's logs and metrics. */
  readonly clientId: string;
}

const connectTimeoutMs = 3_000;
/** Longer than any request is told to wait at the broker, except joining a group. */
const requestTimeoutMs = 5_000;
const patientRequestTimeoutMs = 70_000;
const maxInflights = 100;
const maxConnections = 500;

export class KafkaLink {
  readonly address: KafkaAddress;
  readonly #clientId: string;
  readonly #connections = new Map<string, Promise<Connection>>();
  readonly #brokers = new Map<number, Broker>();
  /** Leaders by Kafka topic, in the order of its partitions. */
  readonly #leaders = new Map<string, readonly number[]>();
  readonly #asking = new Map<string, Promise<void>>();
  readonly #coordinators = new Map<string, number>();
  #turn = 0;
  #closed = false;

  constructor({ address, clientId }: LinkSettings) {
    this.address = address;
    this.#clientId = clientId;
  }

  /** The most brokers seen. */
  get brokerCount(): number {
    return this.#brokers.size;
  }

  /** Sends a request to one broker. */
  async call<Request extends unknown[], Answer>(node: number, lane: Lane, api: Api<Request, Answer>, ...request: Request): Promise<Answer> {
    const broker = this.#brokers.get(node);
    if (!broker) throw new KontorError('unavailable', 'Kafka has no leader or coordinator for it at the moment');
    return this.#ask(broker, lane, api, request);
  }

  /** Sends a request to any broker that answers. */
  async callAny<Request extends unknown[], Answer>(api: Api<Request, Answer>, ...request: Request): Promise<Answer> {
    const brokers = this.#everyBroker();
    let failure: unknown;
    for (let tried = 0; tried < brokers.length; tried += 1) {
      this.#turn += 1;
      const broker = brokers[this.#turn % brokers.length] as Broker;
      try {
        return await this.#ask(broker, 'any', api, request);
      } catch (error) {
        failure = error;
        if (!isLost(error)) throw error;
      }
    }
    throw kafkaError(failure);
  }

  /** The node that leads a partition. */
  async leaderOf(topic: string, partition: number): Promise<number> {
    const known = this.#leaders.get(topic)?.[partition];
    if (known !== undefined && known >= 0) return known;
    await this.refresh(topic);
    const leader = this.#leaders.get(topic)?.[partition];
    if (leader === undefined || leader < 0)
      throw new KontorError('unavailable', `Kafka has no leader for ${topic}/${partition} at the moment`);
    return leader;
  }

  /** The leader may have changed. */
  forgetLeaders(topic: string): void {
    this.#leaders.delete(topic);
  }

  /** Learns the brokers, and the leaders of a topic. */
  refresh(topic?: string): Promise<void> {
    const key = topic ?? '';
    const asking = this.#asking.get(key) ?? this.#refresh(topic).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async coordinatorOf(group: string): Promise<number> {
    const known = this.#coordinators.get(group);
    if (known !== undefined) return known;
    const answer = await this.callAny(findCoordinatorV4.api, 0, [group]);
    const [found] = answer.coordinators;
    if (!found || found.nodeId < 0) throw new KontorError('unavailable', `Kafka has no coordinator for the group ${group} at the moment`);
    this.#brokers.set(found.nodeId, { host: found.host, port: found.port });
    this.#coordinators.set(group, found.nodeId);
    return found.nodeId;
  }

  forgetCoordinator(group: string): void {
    this.#coordinators.delete(group);
  }

  /** Ends the waiting requests of a lane. */
  async closeLane(lane: Lane): Promise<void> {
    for (const [key, connection] of this.#connections) if (key.startsWith(`${lane} `)) await this.#drop(key, connection);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#connections].map(([key, connection]) => this.#drop(key, connection)));
  }

  async #refresh(topic: string | undefined): Promise<void> {
    const answer = await this.callAny(metadataV12.api, topic === undefined ? [] : [topic], false, false);
    for (const { nodeId, host, port } of answer.brokers) this.#brokers.set(nodeId, { host, port });
    for (const { name, partitions } of answer.topics) {
      if (!name) continue;
      const leaders: number[] = [];
      for (const { partitionIndex, leaderId } of partitions) leaders[partitionIndex] = leaderId;
      this.#leaders.set(name, leaders);
    }
  }

  #everyBroker(): readonly Broker[] {
    const all = new Map<string, Broker>();
    for (const broker of [...this.#brokers.values(), ...this.address.brokers]) all.set(`${broker.host}:${broker.port}`, broker);
    return [...all.values()];
  }

  async #ask<Request extends unknown[], Answer>(broker: Broker, lane: Lane, api: Api<Request, Answer>, request: Request): Promise<Answer> {
    if (this.#closed) throw new KontorError('unavailable', 'The stream is closed');
    const key = `${lane} ${broker.host}:${broker.port}`;
    const opening = this.#connections.get(key) ?? this.#open(key, lane, broker);
    const connection = await opening;
    if (!connection.isConnected()) {
      await this.#drop(key, opening);
      // Another request may have opened it again meanwhile.
      const opened = await (this.#connections.get(key) ?? this.#open(key, lane, broker));
      return api.async(opened, ...request);
    }
    return api.async(connection, ...request);
  }

  #open(key: string, lane: Lane, { host, port }: Broker): Promise<Connection> {
    if (this.#closed) throw new KontorError('unavailable', 'The stream is closed');
    if (this.#connections.size >= maxConnections) throw new KontorError('overloaded', `${maxConnections} connections to Kafka are open`);
    const { tls, sasl } = this.address;
    const connection = new Connection(this.#clientId, {
      connectTimeout: connectTimeoutMs,
      requestTimeout: lane.startsWith('group') ? patientRequestTimeoutMs : requestTimeoutMs,
      maxInflights,
      ...(tls ? { tls: {}, tlsServerName: true } : {}),
      ...(sasl === undefined ? {} : { sasl }),
    });
    // The callers of its requests get the reason.
    connection.on('error', () => {});
    const opening = (async () => {
      await connection.connect(host, port);
      return connection;
    })();
    this.#connections.set(key, opening);
    opening.catch(() => this.#forget(key, opening));
    connection.on('close', () => this.#forget(key, opening));
    return opening;
  }

  async #drop(key: string, opening: Promise<Connection>): Promise<void> {
    this.#forget(key, opening);
    try {
      const connection = await opening;
      // The library's `close` waits for the other side.
      connection.socket.destroy();
    } catch {
      // It never opened.
    }
  }

  #forget(key: string, opening: Promise<Connection>): void {
    if (this.#connections.get(key) === opening) this.#connections.delete(key);
  }
}

/** Whether the broker did not answer, so that another may be asked. */
function isLost(error: unknown): boolean {
  return !(error instanceof KontorError) && kafkaError(error).message.startsWith('Kafka cannot be reached');
}
