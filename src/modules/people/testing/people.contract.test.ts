/** The people's room keeps its promises on SQLite. */
import { peopleContract } from './contract/people.ts';
import { temporaryState } from '#testkit/temporary-state.ts';

peopleContract('SQLite', (t) => temporaryState(t));
