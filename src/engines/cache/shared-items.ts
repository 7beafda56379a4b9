/** Items of a shared cache as text: the mark, a line of JSON about the value, and the value. */
import { markLength } from './shared-store.ts';

export interface Item {
  /** 32 characters that no other item begins with. */
  readonly mark: string;
  /** As JSON; undefined when there is none yet. */
  readonly value: string | undefined;
  /** When its load began: by the time of day, and by the monotonic clock of the process that loaded it. */
  readonly at: number;
  readonly atMonotonicMs: number;
  readonly instance: string;
  /** The process that loads the next value, and until when others leave that to it. */
  readonly lease?: { readonly instance: string; readonly until: number };
}

export function itemText({ mark, value, at, atMonotonicMs, instance, lease }: Item): string {
  return `${mark}${JSON.stringify({ at, atMonotonicMs, instance, lease, hasValue: value !== undefined })}\n${value ?? ''}`;
}

/** Undefined for text of another form, such as that of a later version: it counts as nothing. */
export function parsedItem(text: string | undefined): Item | undefined {
  const end = text?.indexOf('\n') ?? -1;
  if (text === undefined || end < markLength) return undefined;
  try {
    const { at, atMonotonicMs, instance, lease, hasValue } = JSON.parse(text.slice(markLength, end));
    if (typeof at !== 'number' || typeof atMonotonicMs !== 'number' || typeof instance !== 'string') return undefined;
    return {
      mark: text.slice(0, markLength),
      value: hasValue === true ? text.slice(end + 1) : undefined,
      at,
      atMonotonicMs,
      instance,
      ...(lease !== undefined && { lease }),
    };
  } catch {
    return undefined;
  }
}
