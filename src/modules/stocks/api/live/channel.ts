/** What every channel of `/live` can do: give the message that follows a client's place. */
import type { ServerMessage } from '../live-protocol.ts';

/** A client's place in a channel. `pos` is the protocol's; `revision` is this instance's own, for changes that move no position. */
export interface Place {
  readonly epoch: string;
  readonly pos: number;
  readonly revision: number;
}

export interface Step {
  /** One message, serialised once for all clients at the same place. */
  readonly frame: Buffer;
  readonly place: Place;
  /** True when the step was cut short and the next one should follow at once. */
  readonly more: boolean;
}

export interface Since {
  readonly epoch: string;
  readonly pos: number;
}

/** Nothing is queued for a client: only its place is kept. So a slow client costs no memory, and catches up from there. */
export interface Channel {
  /** The place of a returning client; `later` when this instance is not there yet; undefined when it needs a snapshot. */
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

/** Places whose steps are kept; beyond it (clients may claim any place) they are made again. */
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
