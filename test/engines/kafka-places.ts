/** Places on the real Kafka: an empty one per test, reached directly or through a proxy that fails as networks do. */
import { randomBytes } from 'node:crypto';
import { type FaultProxy, faultProxy } from '#cluster/fault-proxy.ts';
import { upEngines } from '../../tools/engines.ts';

export interface KafkaPlace {
  readonly url: string;
  /** The same place through `proxy`, which is the only way for those that come by it. */
  readonly proxiedUrl: string;
  readonly proxy: FaultProxy;
}

/** Requires a server started by `engineFor('kafka')`. One place at a time: each has the proxy's port, so the file has Kafka alone. */
export async function emptyKafkaPlace(): Promise<KafkaPlace> {
  const { kafka } = await upEngines(['kafka']);
  const [proxyPort, targetPort] = (kafka?.environment.KAFKA_TUNNELS ?? '').split(':').map(Number);
  const proxy = await faultProxy({ port: proxyPort ?? 0, targetPort: targetPort ?? 0 });
  // Its topics stay: no later process may have the same name.
  const prefix = `test-${randomBytes(6).toString('hex')}`;
  return { url: `${kafka?.url}/${prefix}`, proxiedUrl: `kafka://127.0.0.1:${proxy.port}/${prefix}`, proxy };
}
