/** The shop at a glance over HTTP. */
import { type Route, route } from '#http/route.ts';
import { readOverview } from '../../store/overview.ts';
import type { ShopApi } from '../shop-api.ts';
import * as contracts from './overview-contracts.ts';

export function overviewRoutes({ ports: { state, clock } }: ShopApi): readonly Route[] {
  return [route(contracts.readOverview, () => state.read((queries) => readOverview(queries, clock.now())))];
}
