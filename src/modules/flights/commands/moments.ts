/** Moments as they are typed, and amounts as they are shown. */
import { invalidOption } from '#core/command/invalid-option.ts';

/** Such as `2026-12-01T06:40Z`; undefined when it was not given. */
export function momentIn(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    throw invalidOption(flag, `${flag} is "${text}", but must be a moment such as 2026-12-01T06:40Z`);
  }
}

export function momentText(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}
