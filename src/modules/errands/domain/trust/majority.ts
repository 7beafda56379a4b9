/** Runs with several copies: what more than half of the miners say is believed. */

export interface Opinion {
  readonly copy: number;
  readonly contentKey: string;
  readonly verdict: 'waiting' | 'accepted' | 'refused';
}

interface Decided {
  readonly copy: number;
  readonly verdict: 'accepted' | 'refused';
  readonly reason: string | null;
}

export interface Judgement {
  readonly verdict: Opinion['verdict'];
  readonly reason: string | null;
  /** Whether its page is the result of the run. */
  readonly delivers: boolean;
  /** Answers to the same run that waited, and are decided by it. */
  readonly decides: readonly Decided[];
}

const disagrees = 'disagrees';

const alone: Judgement = { verdict: 'accepted', reason: null, delivers: true, decides: [] };
const waits: Judgement = { verdict: 'waiting', reason: null, delivers: false, decides: [] };

/** `opinions` are the answers to the other copies of its run, of which there are `copies` in all. */
export function judgeAnswer(contentKey: string, copies: number, opinions: readonly Opinion[]): Judgement {
  if (copies === 1) return alone;
  const accepted = opinions.find(({ verdict }) => verdict === 'accepted');
  if (accepted !== undefined) return { ...verdictOn(contentKey, accepted.contentKey), delivers: false, decides: [] };
  const waiting = opinions.filter(({ verdict }) => verdict === 'waiting');
  const agreeing = waiting.filter((opinion) => opinion.contentKey === contentKey).length + 1;
  if (agreeing * 2 <= copies) return waits;
  const decides = waiting.map((opinion) => ({ copy: opinion.copy, ...verdictOn(opinion.contentKey, contentKey) }));
  return { verdict: 'accepted', reason: null, delivers: true, decides };
}

function verdictOn(contentKey: string, believed: string): Pick<Decided, 'verdict' | 'reason'> {
  return contentKey === believed ? { verdict: 'accepted', reason: null } : { verdict: 'refused', reason: disagrees };
}
