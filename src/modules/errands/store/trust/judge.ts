/** Whether answers are believed: a run with several copies has a result when more than half of them agree. */
import { type CopyName, runText } from '../../domain/orders.ts';
import { type Judgement, judgeAnswer, type Opinion } from '../../domain/trust/majority.ts';
import type { StoredAnswer } from '../results/answers.ts';

export interface AnswerToJudge extends CopyName {
  /** Of its run. */
  readonly copies: number;
  readonly contentKey: string;
}

/** In the order of the answers; `earlier` are those stored before, by the names of their runs. */
export function verdicts(answers: readonly AnswerToJudge[], earlier: ReadonlyMap<string, readonly StoredAnswer[]>): readonly Judgement[] {
  const byRun = new Map<string, Opinion[]>();
  return answers.map((answer) => {
    const { copy, copies, contentKey } = answer;
    const run = runText(answer);
    const opinions = byRun.get(run) ?? (earlier.get(run) ?? []).map(opinionOf);
    const judgement = judgeAnswer(contentKey, copies, opinions);
    const decided = new Map(judgement.decides.map((one) => [one.copy, one.verdict]));
    const known = opinions.map((one) => ({ copy: one.copy, contentKey: one.contentKey, verdict: decided.get(one.copy) ?? one.verdict }));
    byRun.set(run, [...known, { copy, contentKey, verdict: judgement.verdict }]);
    return judgement;
  });
}

function opinionOf({ copy, content_key: contentKey, verdict }: StoredAnswer): Opinion {
  return { copy, contentKey, verdict };
}
