/** What the module promises on any State, asked through its routes as browsers and programs do. */
import { describe, type TestContext } from 'node:test';
import type { State } from '#core/ports/state.ts';
import { type HouseOptions, openPeopleHouse, type PeopleHouse } from '../people-house.ts';
import { adminPromises } from './people-admin.ts';
import { attemptPromises } from './people-attempts.ts';
import { closingPromises } from './people-closing.ts';
import { emailPromises } from './people-email.ts';
import { entrancePromises } from './people-entrance.ts';
import { secondFactorPromises } from './people-second-factor.ts';
import { sessionPromises } from './people-sessions.ts';
import { accessTokenPromises, signedTokenPromises } from './people-tokens.ts';

export type OpenHouse = (t: TestContext, options?: HouseOptions) => Promise<PeopleHouse>;

/** `openState` opens an empty one and closes it after the test. */
export function peopleContract(name: string, openState: (t: TestContext) => Promise<State>): void {
  const open: OpenHouse = async (t, options) => openPeopleHouse(t, await openState(t), options);
  describe(`people: ${name}`, () => {
    entrancePromises(open);
    attemptPromises(open);
    sessionPromises(open);
    secondFactorPromises(open);
    accessTokenPromises(open);
    signedTokenPromises(open);
    emailPromises(open);
    closingPromises(open);
    adminPromises(open);
  });
}
