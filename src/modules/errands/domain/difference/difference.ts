/** What changed between two texts: by lines, and by words where a line was changed into another. */
import { diffArrays, diffWordsWithSpace } from 'diff';

interface Part {
  readonly text: string;
  /** Whether this part of a changed line is what differs. */
  readonly changed: boolean;
}

type DifferenceLine =
  | { readonly kind: 'same' | 'added' | 'removed'; readonly parts: readonly Part[] }
  /** Lines that are the same on both sides, and are not shown. */
  | { readonly kind: 'skipped'; readonly lines: number };

export interface Difference {
  readonly lines: readonly DifferenceLine[];
  readonly added: number;
  readonly removed: number;
  /** The texts differ so much, or are so long, that not all of it is shown. */
  readonly cut: boolean;
}

const maxChars = 256 * 1024;
const maxLines = 5_000;
const maxShown = 1_000;
/** Lines that differ, for the search of the shortest difference: its time grows with their square. */
const maxEdits = 1_000;
const maxWordEdits = 200;
const maxWordChars = 4_000;
/** Of what is the same, around what differs. */
const contextLines = 3;

interface Run {
  readonly kind: 'same' | 'added' | 'removed';
  readonly texts: readonly string[];
}

export function difference(before: string, after: string): Difference {
  const old = linesOf(before);
  const young = linesOf(after);
  const changes = diffArrays(old.lines, young.lines, { maxEditLength: maxEdits });
  const runs: readonly Run[] = changes?.map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    texts: value,
  })) ?? [
    // Nothing is left of the old text that is worth searching for.
    { kind: 'removed', texts: old.lines },
    { kind: 'added', texts: young.lines },
  ];
  const lines = shown(runs);
  return {
    lines: lines.slice(0, maxShown),
    added: count(runs, 'added'),
    removed: count(runs, 'removed'),
    cut: old.cut || young.cut || changes === undefined || lines.length > maxShown,
  };
}

function linesOf(text: string): { readonly lines: string[]; readonly cut: boolean } {
  const lines = text.slice(0, maxChars).split(/\r\n|\r|\n/, maxLines + 1);
  return { lines: text === '' ? [] : lines.slice(0, maxLines), cut: text.length > maxChars || lines.length > maxLines };
}

function count(runs: readonly Run[], kind: Run['kind']): number {
  return runs.reduce((sum, run) => sum + (run.kind === kind ? run.texts.length : 0), 0);
}

function shown(runs: readonly Run[]): readonly DifferenceLine[] {
  const lines: DifferenceLine[] = [];
  for (let index = 0; index < runs.length && lines.length <= maxShown; index++) {
    const run = runs[index] as Run;
    const next = runs[index + 1];
    if (run.kind === 'same') lines.push(...context(run.texts, index > 0, next !== undefined));
    else if (run.kind === 'removed' && next?.kind === 'added') {
      lines.push(...changed(run.texts, next.texts));
      index++;
    } else lines.push(...run.texts.map((text) => whole(run.kind as 'added' | 'removed', text)));
  }
  return lines;
}

/** The lines next to a change; those between are counted. */
function context(texts: readonly string[], follows: boolean, precedes: boolean): readonly DifferenceLine[] {
  const head = follows ? contextLines : 0;
  const tail = precedes ? contextLines : 0;
  if (texts.length <= head + tail + 1) return texts.map((text) => same(text));
  const last = tail === 0 ? [] : texts.slice(-tail);
  return [...texts.slice(0, head).map(same), { kind: 'skipped', lines: texts.length - head - tail }, ...last.map(same)];
}

/** Removed and added lines one against the other, in their order. */
function changed(removed: readonly string[], added: readonly string[]): readonly DifferenceLine[] {
  const pairs = Math.min(removed.length, added.length, maxShown);
  const compared = removed.slice(0, pairs).map((text, index) => words(text, added[index] ?? ''));
  return [
    ...compared.map(({ before }): DifferenceLine => ({ kind: 'removed', parts: before })),
    ...removed.slice(pairs).map((text) => whole('removed', text)),
    ...compared.map(({ after }): DifferenceLine => ({ kind: 'added', parts: after })),
    ...added.slice(pairs).map((text) => whole('added', text)),
  ];
}

function words(before: string, after: string): { readonly before: readonly Part[]; readonly after: readonly Part[] } {
  const short = before.length + after.length <= maxWordChars;
  const changes = short ? diffWordsWithSpace(before, after, { maxEditLength: maxWordEdits }) : undefined;
  const parts = (leaveOut: 'added' | 'removed') =>
    changes?.filter((change) => !change[leaveOut]).map(({ value, added, removed }) => ({ text: value, changed: added || removed }));
  return { before: parts('added') ?? [{ text: before, changed: true }], after: parts('removed') ?? [{ text: after, changed: true }] };
}

function same(text: string): DifferenceLine {
  return { kind: 'same', parts: [{ text, changed: false }] };
}

function whole(kind: 'added' | 'removed', text: string): DifferenceLine {
  return { kind, parts: [{ text, changed: true }] };
}
