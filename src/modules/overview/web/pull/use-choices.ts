/** What the visitor may pull: it depends on who that is, and which parts there are. */
import { useCallback } from 'react';
import type { PullChoices } from '#modules/overview/api/schemas.ts';
import { useResource } from '#web/api/use-resource.ts';
import { useSession } from '#web/session/session.ts';
import type { News } from '../news.ts';
import { loadChoices } from '../sources.ts';

/** Undefined until it is known. */
export function useChoices({ overview }: News): PullChoices | undefined {
  const session = useSession();
  const member = session.state === 'member' ? session.member.id : undefined;
  const parts = overview?.roles;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another visitor or another part loads again.
  const choices = useResource(useCallback((signal: AbortSignal) => loadChoices(signal), [member, parts]));
  return choices.state === 'ready' ? choices.value : undefined;
}
