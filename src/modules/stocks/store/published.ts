/** How many trades were published, by company: as the stream knows it, or as publishers noted it where a broker cannot tell. */
import { notedEnds } from '#core/outbox.ts';
import type { State } from '#core/ports/state.ts';
import type { Stream } from '#core/ports/stream.ts';
import { aggregatorGroup, tradesTopic } from '../domain/settings.ts';

export interface Published {
  readonly ends: ReadonlyMap<string, number>;
  /** False where notes stand in for the stream: they follow the tape by a moment. */
  readonly exact: boolean;
}

export async function publishedTrades({ stream, state }: { readonly stream: Stream; readonly state: State }): Promise<Published> {
  const partitions = await stream.status(tradesTopic, aggregatorGroup);
  if (partitions) return { ends: new Map(partitions.map(({ partition, end }) => [partition, end])), exact: true };
  return { ends: await state.read((queries) => notedEnds(queries, tradesTopic)), exact: false };
}
