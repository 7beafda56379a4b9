/** What `/metrics` of the supervising process says: how many instances each group that follows the load wants and has. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type OpenMetrics, openMetrics } from '#house/metrics.ts';
import type { GroupRow } from './scaled-group.ts';

export interface MetricsServer {
  readonly address: string;
  close(): Promise<void>;
}

/** On 127.0.0.1, as the processes of the cluster are. */
export async function serveClusterMetrics(port: number, groups: () => readonly GroupRow[]): Promise<MetricsServer> {
  const metrics = openMetrics();
  const tell = groupGauges(metrics);
  const server = createServer(async ({ method, url }, answer) => {
    if (method !== 'GET' || url !== '/metrics') return answer.writeHead(404).end();
    tell(groups());
    answer.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.text());
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    address: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function groupGauges({ metrics }: OpenMetrics): (groups: readonly GroupRow[]) => void {
  const gauge = (name: string, help: string) => metrics.gauge(`cluster_group_${name}`, help, ['group']);
  const running = gauge('instances', 'Instances of a group that run');
  const wanted = gauge('instances_wanted', 'Instances of a group that its load asks for');
  const min = gauge('instances_min', 'The least instances that a group has');
  const max = gauge('instances_max', 'The most instances that a group has');
  const cores = gauge('cores', 'Cores that the instances of a group use');
  const requests = gauge('requests_in_flight', 'Requests in progress at the instances of a group');
  return (groups) => {
    for (const { name: group, load, ...row } of groups) {
      running.set(row.running, { group });
      wanted.set(row.wanted, { group });
      min.set(row.min, { group });
      max.set(row.max, { group });
      cores.set(load?.cores ?? 0, { group });
      requests.set(load?.requestsInFlight ?? 0, { group });
    }
  };
}
