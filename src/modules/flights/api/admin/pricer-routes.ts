/** Runs of the pricer and the state of the lake over HTTP, for admins. */
import { type Route, route } from '#http/route.ts';
import { accessTopic, recorderGroup } from '../../domain/access.ts';
import { hourName } from '../../domain/lake-paths.ts';
import type { FlightsPorts } from '../../ports/ports.ts';
import { type Repriced, type RepriceOrder, reprice } from '../../roles/pricer/reprice.ts';
import { readHours, readPartitions } from '../../store/access/lake-state.ts';
import { storeDemand } from '../../store/prices/demand.ts';
import { listRuns } from '../../store/prices/history.ts';
import * as contracts from './contracts.ts';

const shownHours = 48;
const maxAnswerMs = 2_000;

export interface PricerApi {
  readonly ports: FlightsPorts;
  readonly lakeUrl: string;
  /** Accesses that this process dropped. */
  dropped(): number;
}

export function pricerRoutes({ ports, lakeUrl, dropped }: PricerApi): readonly Route[] {
  const { state, stream, lake, clock } = ports;
  /** One run at a time in a process: another order waits for it. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn(order: RepriceOrder): Promise<Repriced> {
    const run = last.then(() => reprice(ports, order));
    last = run.catch(() => {});
    return run;
  }

  return [
    route(contracts.listRuns, async ({ query }) => {
      const { items, next } = await state.read((queries) => listRuns(queries, query));
      const runs = items.map((run) => ({
        id: run.id,
        model: run.model,
        asOf: run.as_of,
        startedAt: run.started_at,
        tookMs: run.took_ms,
        manifest: run.manifest,
        events: run.events,
        prices: run.prices,
        changed: run.changed,
      }));
      return { runs, next };
    }),

    route(contracts.reprice, async ({ body: { dryRun } }) => {
      const { asOf, prices, changed, biggest, routes } = await inTurn({ dryRun });
      if (!dryRun) await storeDemand(state, asOf, routes);
      return { asOf, dryRun, prices, changed, biggest: [...biggest] };
    }),

    route(contracts.readLake, async () => {
      const [partitions, hours] = await state.read(
        async (queries) => [await readPartitions(queries), await readHours(queries, shownHours)] as const,
      );
      const published = await stream.status(accessTopic, recorderGroup).catch(() => undefined);
      const late = new AbortController();
      const answers = await Promise.race([
        lake.ping().then(
          () => true,
          () => false,
        ),
        clock.sleep(maxAnswerMs, late.signal).then(() => false),
      ]);
      late.abort('answered');
      return {
        url: lakeUrl,
        answers,
        partitions: partitions.map(({ partition, position }) => ({
          partition,
          landed: position,
          published: published?.find((one) => one.partition === partition)?.end ?? null,
        })),
        hours: hours.map(({ hour, files, rows, bytes }) => ({ hour: hourName(hour), files, rows, bytes })),
        dropped: dropped(),
      };
    }),
  ];
}
