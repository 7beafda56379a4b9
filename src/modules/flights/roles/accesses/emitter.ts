/** Numbers accesses and publishes them to one partition, one frame after another. */
import { backoffMs } from '#core/backoff.ts';
import { KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Frame } from '#core/ports/stream.ts';
import { accessTopic } from '../../domain/access.ts';
import { lostWord, wordsPerAccess } from '../../domain/access-records.ts';
import { type Emitted, intend, readEmitted } from '../../store/access/emitted.ts';
import type { Batch } from './access-buffer.ts';

export type EmitterPorts = Pick<Ports, 'stream' | 'state' | 'clock' | 'random' | 'holder' | 'log'>;

/** `published`: it is on the stream. `unknown`: it may be there, and is given up. `untried`: it is not there. */
export type Outcome = 'published' | 'unknown' | 'untried';

const pause = { firstMs: 100, maxMs: 2_000 };

export class Emitter {
  readonly #ports: EmitterPorts;
  readonly #partition: string;
  /** What the State says of given numbers; undefined where the stream itself can tell. */
  #emitted: Emitted | undefined;
  #end = 0;
  #failures = 0;

  private constructor(ports: EmitterPorts, partition: string) {
    this.#ports = ports;
    this.#partition = partition;
  }

  /** Looks where the partition ends. Numbers that a crash left unpublished are filled with lost accesses. */
  static async open(ports: EmitterPorts, partition: string, lost: (accesses: number) => void): Promise<Emitter> {
    const emitter = new Emitter(ports, partition);
    await emitter.#find();
    const emitted = emitter.#emitted;
    if (emitted !== undefined && emitted.intended > emitted.confirmed) {
      const count = emitted.intended - emitted.confirmed;
      const batch = new Float64Array(count * wordsPerAccess);
      for (let index = 0; index < count; index += 1) batch[index * wordsPerAccess] = lostWord(ports.clock.now());
      await ports.stream.publish(accessTopic, partition, frameOf(emitted.confirmed + 1, batch));
      emitter.#emitted = { confirmed: emitted.intended, intended: emitted.intended };
      if (!(await intend(ports.state, partition, emitted, emitter.#emitted))) await emitter.#find();
      lost(count);
    }
    return emitter;
  }

  /** Tries until it is published or `signal` aborts. */
  async publish(batch: Batch, signal: AbortSignal): Promise<Outcome> {
    let frame: Frame | undefined;
    let tried = false;
    while (!signal.aborted) {
      try {
        frame ??= await this.#number(batch);
        if (frame === undefined) continue;
        const again = tried;
        tried = true;
        const outcome = await this.#ports.stream.publish(accessTopic, this.#partition, frame);
        this.#failures = 0;
        if (outcome === 'published' || (outcome === 'duplicate' && again)) {
          this.#confirm(frame);
          return 'published';
        }
        // Another emitter wrote to the partition, so this frame is not there: it gets other numbers.
        tried = false;
        frame = undefined;
        await this.#find();
      } catch (error) {
        if (!(error instanceof KontorError)) throw error;
        this.#failures += 1;
        if (this.#failures === 1)
          this.#ports.log.warn({ err: error, partition: this.#partition }, 'accesses could not be published; trying again');
        await this.#ports.clock.sleep(backoffMs(this.#failures, pause, this.#ports.random), signal);
      }
    }
    return tried ? 'unknown' : 'untried';
  }

  async #find(): Promise<void> {
    const end = await this.#ports.stream.end(accessTopic, this.#partition);
    this.#emitted = end === undefined ? await readEmitted(this.#ports.state, this.#partition) : undefined;
    this.#end = end ?? this.#emitted?.intended ?? 0;
  }

  /** Undefined when another emitter gave the numbers away. */
  async #number(batch: Batch): Promise<Frame | undefined> {
    const emitted = this.#emitted;
    if (emitted !== undefined) {
      const next = { confirmed: emitted.intended, intended: emitted.intended + batch.length / wordsPerAccess };
      if (!(await intend(this.#ports.state, this.#partition, emitted, next))) {
        await this.#find();
        return undefined;
      }
      this.#emitted = next;
    }
    return frameOf(this.#end + 1, batch);
  }

  #confirm({ first, count }: Frame): void {
    this.#end = first + count - 1;
    if (this.#emitted !== undefined) this.#emitted = { confirmed: this.#emitted.confirmed, intended: this.#end };
  }
}

function frameOf(first: number, batch: Batch): Frame {
  return { first, count: batch.length / wordsPerAccess, body: new Uint8Array(batch.buffer, batch.byteOffset, batch.byteLength) };
}
