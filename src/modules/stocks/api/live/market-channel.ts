/** The channel `market`: every company at a glance, conflated, so that the newest wins. */

import type { MarketView } from '../view/view.ts';
import type { Channel, Place, Since, Step } from './channel.ts';
import { deltaFrame, SharedSteps, snapFrame } from './channel.ts';

const name = 'market';

export class MarketChannel implements Channel {
  readonly #view: MarketView;
  /** The steps of the view's present revision, by where they start. */
  readonly #steps = new SharedSteps();
  #stepsRevision = -1;

  constructor(view: MarketView) {
    this.#view = view;
  }

  resume(since: Since): Place | 'later' | undefined {
    if (this.#view.epoch === undefined) return 'later';
    if (since.epoch !== this.#view.epoch) return undefined;
    const revision = this.#view.revisionAt(since.pos);
    return typeof revision === 'number' ? { ...since, revision } : revision;
  }

  next(place: Place | undefined): Step | undefined {
    const { epoch, revision, listedSince } = this.#view;
    if (epoch === undefined) return undefined;
    const from = place?.epoch === epoch && place.revision >= listedSince ? place : undefined;
    if (from?.revision === revision) return undefined;

    if (this.#stepsRevision !== revision) {
      this.#steps.clear();
      this.#stepsRevision = revision;
    }
    const key = from === undefined ? `snap ${epoch}` : `${from.pos} ${from.revision}`;
    return this.#steps.get(key, () => this.#step(from, { epoch, pos: this.#view.pos, revision }));
  }

  #step(from: Place | undefined, to: Place): Step {
    const companies = `[${this.#view.jsonChangedAfter(from?.revision ?? -1).join(',')}]`;
    const frame = from === undefined ? snapFrame(name, to, companies) : deltaFrame(name, from.pos, to.pos, companies);
    return { frame, place: to, more: false };
  }
}
