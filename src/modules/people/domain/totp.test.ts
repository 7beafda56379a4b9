/** One-time codes, against the test vectors of RFC 6238 and RFC 4648. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { base32, fromBase32 } from './secrets.ts';
import { matchingStep, otpauthUrl, stepAt, totpCode } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('one-time codes', () => {
  for (const [seconds, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const) {
    it(`are ${code} at ${seconds} s, as the standard says`, () => assert.equal(totpCode(secret, stepAt(seconds * 1_000)), code));
  }

  it('count one step early and one late, and only after the last one used', () => {
    const now = 1_234_567_890_000;
    const present = stepAt(now);
    for (const [offset, matches] of [
      [-2, false],
      [-1, true],
      [0, true],
      [1, true],
      [2, false],
    ] as const)
      assert.equal(
        matchingStep(secret, totpCode(secret, present + offset), now, 0),
        matches ? present + offset : undefined,
        String(offset),
      );
    assert.equal(matchingStep(secret, totpCode(secret, present), now, present), undefined);
    assert.equal(matchingStep(secret, totpCode(secret, present + 1), now, present), present + 1);
  });

  it('are set up by a link that authenticators understand', () => {
    assert.equal(
      otpauthUrl({ secret, email: 'ada@example.org' }),
      'otpauth://totp/Kontor:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kontor',
    );
  });
});

describe('base32', () => {
  for (const [text, encoded] of [
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ] as const) {
    it(`writes ${JSON.stringify(text)} as ${encoded}, and reads it back`, () => {
      assert.equal(base32(Buffer.from(text)), encoded);
      assert.equal(Buffer.from(fromBase32(encoded)).toString(), text);
    });
  }
});
