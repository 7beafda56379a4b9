/** A member of a consumer group of Kafka: joins, learns its partitions, keeps its place by heartbeats, and commits positions. */
import {
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
  heartbeatV4,
  joinGroupV9,
  leaveGroupV5,
  offsetCommitV8,
  type ResponseError,
  syncGroupV5,
} from '@platformatic/kafka';
import { assignedPartitions } from './kafka-assignment.ts';
import { answeredError } from './kafka-errors.ts';
import type { KafkaLink } from './kafka-link.ts';
import type { LogPlace } from './kafka-log.ts';
import { committedPlace } from './kafka-positions.ts';

export interface MemberOptions {
  readonly link: KafkaLink;
  readonly groupId: string;
  /** The topic of Kafka. */
  readonly topic: string;
  /** Unique for each consumer of this process. */
  readonly name: string;
  readonly sessionTimeoutMs: number;
  /** How many partitions have names, and how many there are. */
  readonly layout: () => { readonly named: number; readonly count: number };
}

const protocol = 'kontor';
const protocolType = 'consumer';
const protocolVersion = 1;
/** How long the others wait at most for a member whose handlers still run. */
const rebalanceTimeoutMs = 60_000;
const lostMembership = ['UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID'];
const movedCoordinator = ['NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS', ''];
const rejoinNeeded = ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', ...lostMembership];

export class KafkaMember {
  readonly #options: MemberOptions;
  #memberId = '';
  #generation = -1;
  #held: readonly number[] = [];
  /** How many partitions this member shared out as the leader of the group. */
  #sharedOut: number | undefined;

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  /** Waits until all members have given up what they had, and returns the partitions of this one. */
  async join(): Promise<readonly number[]> {
    const { groupId, topic, sessionTimeoutMs } = this.#options;
    const subscription = encodeConsumerProtocolSubscription({
      version: protocolVersion,
      topics: [topic],
      ownedPartitions: [{ topic, partitions: [...this.#held] }],
    });
    const protocols = [{ name: protocol, metadata: subscription }];
    const joining = () =>
      this.#ask(
        'group',
        joinGroupV9.api,
        groupId,
        sessionTimeoutMs,
        rebalanceTimeoutMs,
        this.#memberId,
        null,
        protocolType,
        protocols,
        null,
      );
    const joined = await joining().catch((error: unknown) => {
      if (answeredError(error) !== 'MEMBER_ID_REQUIRED') throw error;
      this.#memberId = ((error as ResponseError).response as joinGroupV9.JoinGroupResponse).memberId;
      return joining();
    });
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    const assignments = joined.leader === joined.memberId ? this.#shareOut(joined.members) : [];
    if (assignments.length === 0) this.#sharedOut = undefined;
    const synced = await this.#ask(
      'group',
      syncGroupV5.api,
      groupId,
      this.#generation,
      this.#memberId,
      null,
      protocolType,
      protocol,
      assignments,
    );
    const own = synced.assignment.length === 0 ? [] : decodeConsumerProtocolAssignment(synced.assignment).assignedPartitions;
    this.#held = own.flatMap(({ partitions }) => partitions);
    return this.#held;
  }

  /** Whether this member, as the leader, must share out again, because there are more partitions. */
  get isOutdated(): boolean {
    return this.#sharedOut !== undefined && this.#sharedOut < this.#options.layout().count;
  }

  /** False when the members have to join again. */
  async heartbeat(): Promise<boolean> {
    try {
      await this.#ask('beat', heartbeatV4.api, this.#options.groupId, this.#generation, this.#memberId, null);
      return true;
    } catch (error) {
      if (rejoinNeeded.includes(answeredError(error))) return false;
      throw error;
    }
  }

  async commit(places: ReadonlyMap<number, LogPlace>): Promise<void> {
    const { groupId, topic } = this.#options;
    const partitions = [...places].map(([partition, place]) => committedPlace(partition, place));
    await this.#ask('beat', offsetCommitV8.api, groupId, this.#generation, this.#memberId, null, [{ name: topic, partitions }]);
  }

  async leave(): Promise<void> {
    if (this.#memberId === '') return;
    await this.#ask('beat', leaveGroupV5.api, this.#options.groupId, [{ memberId: this.#memberId, groupInstanceId: null, reason: null }]);
  }

  /** Ends a join that waits for others. */
  async hangUp(): Promise<void> {
    await this.#options.link.closeLane(this.#lane('group'));
  }

  #shareOut(members: readonly joinGroupV9.JoinGroupResponseMember[]): syncGroupV5.SyncGroupRequestAssignment[] {
    const { topic, layout } = this.#options;
    const { named, count } = layout();
    const all = members.map(({ memberId, metadata }) => ({
      id: memberId,
      held: decodeConsumerProtocolSubscription(metadata).ownedPartitions.flatMap(({ partitions }) => partitions),
    }));
    this.#sharedOut = count;
    return [...assignedPartitions(all, named, count)].map(([memberId, partitions]) => ({
      memberId,
      assignment: encodeConsumerProtocolAssignment({
        version: protocolVersion,
        assignedPartitions: [{ topic, partitions: [...partitions] }],
      }),
    }));
  }

  async #ask<Request extends unknown[], Answer>(
    kind: 'group' | 'beat',
    api: { async(connection: never, ...request: Request): Promise<Answer> },
    ...request: Request
  ): Promise<Answer> {
    const { link, groupId } = this.#options;
    try {
      return await link.call(await link.coordinatorOf(groupId), this.#lane(kind), api as never, ...request);
    } catch (error) {
      const name = answeredError(error);
      if (movedCoordinator.includes(name)) link.forgetCoordinator(groupId);
      if (lostMembership.includes(name)) this.#memberId = '';
      throw error;
    }
  }

  #lane(kind: 'group' | 'beat'): string {
    return `${kind}-${this.#options.name}`;
  }
}
