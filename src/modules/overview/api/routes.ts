/** Answers about the house, and pulls plugs. */
import { KontorError } from '#core/errors.ts';
import type { PlugChoice, WholeHouse } from '#core/plugs.ts';
import { RecentAnswer } from '#core/recent-answer.ts';
import { Refill } from '#core/refill.ts';
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import { accountOf } from '#http/sessions.ts';
import { pullSentence } from '../domain/choices.ts';
import { pullsCsv } from '../domain/pulls-csv.ts';
import { overviewRefusals } from '../refusals.ts';
import type { PullKeeper, PullPorts } from '../roles/pull-keeper.ts';
import { findPull, maxKeptPulls, newestPulls } from '../store/pulls.ts';
import { exportPulls, listPulls, makePull, readChoices, readHouse, readOverview, readPull } from './contracts.ts';
import { type LookPorts, lawFound, lookAtHouse, lookAtOverview, shownPull } from './look.ts';
import { requirePuller, whyNotPull } from './may-pull.ts';
import type { PullChoice } from './schemas.ts';

/** Pages ask every second: each time there is a new answer, made once for all of them. */
const maxAgeMs = 900;
/** Of all callers of this process together: a pull takes seconds, and one is under way at a time. */
const pullsAtOnce = 6;
const pullsPerSecond = 0.1;

export interface OverviewContext {
  readonly ports: PullPorts & LookPorts;
  readonly house: WholeHouse;
  readonly keeper: PullKeeper;
}

function shownChoice({ kind, target, roles }: PlugChoice): PullChoice {
  return { kind, target, roles: [...roles], says: pullSentence({ kind, target }) };
}

export function overviewRoutes({ ports, house, keeper }: OverviewContext): readonly Route[] {
  const { state, clock, log } = ports;
  const overview = new RecentAnswer(clock, maxAgeMs, () => lookAtOverview(ports, house));
  const whole = new RecentAnswer(clock, maxAgeMs, () => lookAtHouse(ports, house));
  const allowance = new Refill(pullsAtOnce, pullsPerSecond, clock);

  return [
    route(readOverview, () => overview.look()),
    route(readHouse, () => whole.look()),
    route(readChoices, async ({ request }) => {
      const why = await whyNotPull(request);
      const choices = why === null ? await keeper.choices() : [];
      return {
        mayPull: why === null,
        why,
        choices: choices.map(shownChoice),
      };
    }),
    route(makePull, async ({ body, request }) => {
      await requirePuller(request);
      if (!allowance.take()) throw refuse(overviewRefusals, 'pulls-too-many');
      const begun = await keeper.begin(body);
      if (begun.outcome === 'under-way') throw refuse(overviewRefusals, 'pull-under-way');
      if (begun.outcome === 'unknown') throw refuse(overviewRefusals, 'pull-unknown', {}, 'target');
      log.warn({ kind: body.kind, target: body.target, accountId: (await accountOf(request))?.id }, 'somebody pulls the plug');
      return shownPull(begun.pull);
    }),
    route(listPulls, async () => ({ items: (await state.read((queries) => newestPulls(queries, maxKeptPulls))).map(shownPull) })),
    route(exportPulls, async ({ reply }) => {
      reply.header('content-disposition', 'attachment; filename="kontor-pulls.csv"');
      return pullsCsv(await state.read((queries) => newestPulls(queries, maxKeptPulls)));
    }),
    route(readPull, async ({ params }) => {
      const pull = await state.read((queries) => findPull(queries, params.id));
      if (pull === undefined)
        throw new KontorError('not_found', `There is no pull ${params.id}; the house keeps the newest ${maxKeptPulls}.`);
      return { pull: shownPull(pull), laws: (pull.laws ?? []).map(lawFound) };
    }),
  ];
}
