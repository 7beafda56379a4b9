/** The limit of the house on Kafka: the same frames published and consumed by the same wire format, and nothing else. */
import { fetchV12, produceV9 } from '@platformatic/kafka';
import { kafkaAddress } from '#engines/stream/kafka-address.ts';
import { ensureTopic, topicName } from '#engines/stream/kafka-layout.ts';
import { KafkaLink } from '#engines/stream/kafka-link.ts';
import { retried } from '#engines/stream/kafka-retry.ts';
import { realClock } from '#house/real-clock.ts';
import { defaultCompanies } from '#modules/stocks/domain/companies.ts';
import { recordBytes } from '#modules/stocks/domain/trades.ts';
import { reportCounted } from './peers.ts';

const partitions = defaultCompanies.map((_, index) => index);
/** As in the house's bulk mode. */
const frameTrades = 4_096;
const framesPerPartition = 4;
const pollMs = 250;
const fetchBytes = 1_048_576;

/** Publishes to every partition in one request after another, each as the house does when it is in bulk mode. */
async function publish(link: KafkaLink, topic: string): Promise<void> {
  const body = Buffer.from(new Uint8Array(frameTrades * recordBytes).map((_, index) => (index * 31) % 251));
  for (;;) {
    const records = partitions.flatMap((partition) =>
      Array.from({ length: framesPerPartition }, () => ({ topic, partition, value: body })),
    );
    await asked(async () => link.call(await link.leaderOf(topic, 0), 'write', produceV9.api, -1, 5_000, records));
  }
}

async function consume(link: KafkaLink, topic: string, count: (trades: number) => void): Promise<void> {
  const offsets = new Map(partitions.map((partition) => [partition, 0n]));
  for (;;) {
    const asking = [...offsets].map(([partition, fetchOffset]) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset,
      lastFetchedEpoch: -1,
      partitionMaxBytes: fetchBytes,
    }));
    const topics = [{ topicId: topic, partitions: asking }];
    const answer = await asked(async () =>
      link.call(await link.leaderOf(topic, 0), 'fetch', fetchV12.api, pollMs, 1, 16 * fetchBytes, 0, 0, -1, topics, [], ''),
    );
    for (const { partitionIndex, records } of answer.responses[0]?.partitions ?? []) {
      for (const batch of records ?? []) {
        for (const { value } of batch.records) count((value?.length ?? 0) / recordBytes);
        offsets.set(partitionIndex, batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n);
      }
    }
  }
}

/** A topic that was just made may have no leaders yet. */
function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  return retried({ clock: realClock, timeoutMs: 10_000 }, ask);
}

async function main(role: string, url: string): Promise<void> {
  const address = kafkaAddress(url);
  const link = new KafkaLink({ address, clientId: 'bench' });
  const topic = topicName(address.prefix, 'bare');
  await ensureTopic(link, topic, partitions.length);
  let counted = 0;
  const working =
    role === 'publisher'
      ? publish(link, topic)
      : consume(link, topic, (trades) => {
          counted += trades;
        });
  await Promise.race([working, reportCounted(() => counted)]);
}

if (import.meta.main) await main(process.argv[2] ?? '', process.argv[3] ?? '');
