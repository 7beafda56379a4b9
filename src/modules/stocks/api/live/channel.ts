/** What every channel of `/live` can do: tell a client what comes next from where it stands. */
import type { ServerMessage } from '../live-protocol.ts';

/** Where a client stands in a channel. `pos` is the protocol's; `revision` is this instance's own, for changes that move no position. */
export interface Place {
  readonly epoch: string;
  readonly pos: number;
  readonly revision: number;
}

export interface Step {
  /** One message, serialised once for everybody who stands at the same place. */
  readonly frame: Buffer;
  readonly place: Place;
  /** True when the step was cut short and the next one should follow at once. */
  readonly more: boolean;
}

export interface Since {
  readonly epoch: string;
  readonly pos: number;
}

/** Nothing is queued for a client: it is its place, and asks again. So a slow client costs no memory, and none is skipped for good. */
export interface Channel {
  /** Where a returning client stands; `later` when this instance has not come that far; undefined when only a snapshot helps. */
  resume(since: Since): Place | 'later' | undefined;
  /** What comes after `place` (undefined: a snapshot); undefined when there is nothing, or nothing yet. */
  next(place: Place | undefined): Step | undefined;
}

export function frameOf(message: ServerMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** The same as `frameOf`, from values that are JSON already. */
export function snapFrame(channel: string, place: Place, stateJson: string): Buffer {
  return Buffer.from(
    `{"type":"snap","channel":${JSON.stringify(channel)},"epoch":${JSON.stringify(place.epoch)},"pos":${place.pos},"state":${stateJson}}`,
  );
}

export function deltaFrame(channel: string, base: number, pos: number, changedJson: string): Buffer {
  return Buffer.from(`{"type":"delta","channel":${JSON.stringify(channel)},"base":${base},"pos":${pos},"changed":${changedJson}}`);
}

/** Steps kept for those who stand at the same place; beyond this many places (clients may claim any) they are made again. */
const maxSteps = 64;

export class SharedSteps {
  readonly #steps = new Map<string, Step>();

  get(key: string, make: () => Step): Step {
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    if (this.#steps.size >= maxSteps) this.#steps.clear();
    const step = make();
    this.#steps.set(key, step);
    return step;
  }

  clear(): void {
    this.#steps.clear();
  }
}
