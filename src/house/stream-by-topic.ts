/** Combines streams: some topics on their own engine, the rest on another. */
import type { Stream } from '#core/ports/stream.ts';

export function streamByTopic(others: Stream, byTopic: Readonly<Record<string, Stream>>): Stream {
  if (Object.keys(byTopic).length === 0) return others;
  const of = (topic: string) => (Object.hasOwn(byTopic, topic) ? (byTopic[topic] ?? others) : others);
  const engines = [others, ...Object.values(byTopic)];
  return {
    declare: (topic) => of(topic.name).declare(topic),
    publish: (topic, partition, frame) => of(topic).publish(topic, partition, frame),
    end: (topic, partition) => of(topic).end(topic, partition),
    status: (topic, group) => of(topic).status(topic, group),
    consume: (topic, group, handler, options) => of(topic).consume(topic, group, handler, options),
    ping: async () => void (await Promise.all(engines.map((engine) => engine.ping()))),
    close: async () => void (await Promise.all(engines.map((engine) => engine.close()))),
  };
}
