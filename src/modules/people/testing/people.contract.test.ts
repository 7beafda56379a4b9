/** The module keeps its promises on SQLite. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { peopleContract } from './contract/people.ts';

peopleContract('SQLite', (t) => temporaryState(t));
