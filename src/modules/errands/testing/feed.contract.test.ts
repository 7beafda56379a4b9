/** The contract of the feed on the embedded State. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { feedContract } from './contract/feed.ts';

feedContract('sqlite', { open: (t) => temporaryState(t) });
