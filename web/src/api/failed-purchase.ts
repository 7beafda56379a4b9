/** What a failure says of a request that costs coins, and of an earlier one with the same key. */
import { RequestFailure } from './api.ts';

/** `repeated` says that an earlier request with this key is in doubt. */
export function meaningOf(
  failure: unknown,
  { repeated, keepsRefusals }: { repeated: boolean; keepsRefusals: boolean },
): { readonly lost: boolean; readonly settled: boolean } {
  if (!(failure instanceof RequestFailure)) return { lost: true, settled: false };
  // Something else was sent with this key before, and was done.
  if (failure.said.reason?.name === 'key-reused') return { lost: true, settled: false };
  if (failure.status === 429) return { lost: false, settled: !repeated };
  if (failure.retryable) return { lost: true, settled: false };
  // This one was refused. An earlier one may be on its way in a process that stands still, unless the house keeps the refusal for it;
  // what is refused for its form or its sender is refused before its key is looked at.
  return { lost: false, settled: !repeated || (keepsRefusals && failure.status === 409) };
}
