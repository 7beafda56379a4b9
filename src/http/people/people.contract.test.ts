/** The people's room keeps its promises on SQLite. */
import { peopleContract } from '#testkit/contracts/people.ts';
import { temporaryState } from '#testkit/temporary-state.ts';

peopleContract('SQLite', (t) => temporaryState(t));
