/** The Reader holds up nobody, whatever a page or an expression does, and goes on with the next. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { realClock } from '#house/real-clock.ts';
import { turn } from '#testkit/clock.ts';
import type { Extraction } from '../../domain/extraction/extraction.ts';
import { openReader } from './threaded-reader.ts';

const html = (text: string) => ({ body: Buffer.from(text), contentType: 'text/html' });
const css = (expression: string): Extraction => ({ kind: 'css', expression });

describe('the reader', { timeout: 60_000 }, () => {
  const reader = openReader({ clock: realClock, timeoutMs: 400 });
  after(() => reader.close());

  it('reads many pages at once', async () => {
    const readings = await Promise.all(Array.from({ length: 500 }, (_, index) => reader.read(html(`<p>at ${index},50 €</p>`), css('p'))));
    assert.deepEqual(
      readings.map(({ number }) => number),
      readings.map((_, index) => index + 0.5),
    );
  });

  it('renders and compares', async () => {
    assert.equal(await reader.text(html('<h1>Tea</h1><p>is <b>hot</b>')), 'Tea\nis hot');
    assert.equal((await reader.difference('a\nb', 'a\nc'))?.added, 1);
  });

  it('does not give up a page because the process itself stood still', async () => {
    await reader.read(html('<p>the thread has started</p>'), css('p'));
    // Its look is due before the answer is taken.
    await turn();
    const reading = reader.read(html('<p>here</p>'), css('p'));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
    assert.equal((await reading).value, 'here');
  });

  it('gives up what takes too long, and reads what came after it', async () => {
    const many = html('<i></i>'.repeat(3_000));
    const endless: Extraction = { kind: 'xpath', expression: 'count(//i[count(//i[count(//i) > 1]) > 1])' };
    let longestMs = 0;
    let lastMs = performance.now();
    const beat = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      lastMs = performance.now();
    }, 5);
    const [slow, quick] = await Promise.all([reader.read(many, endless), reader.read(html('<p>quick</p>'), css('p'))]);
    clearInterval(beat);
    assert.equal(slow.problem, 'took_too_long');
    assert.match(slow.key, /^[0-9a-f]{64}$/);
    assert.equal(quick.value, 'quick');
    // On a machine that others keep busy, a beat may come seconds late; the page itself would have taken minutes.
    assert.ok(longestMs < 20_000, `the process stood still for ${longestMs} ms`);
  });
});
