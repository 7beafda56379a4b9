/** A house's key for tests. */
import type { Secrets } from '#core/ports/secrets.ts';
import { KeyRing } from '#engines/secrets/key-ring.ts';
import { sealWith } from '#engines/secrets/secrets.ts';

/** Without books to agree with. */
export function testSecrets(): Secrets {
  const ring = new KeyRing(['a key for tests, and for nothing else']);
  const seal = sealWith(() => ring);
  return { unlock: async () => seal, rotate: async () => 0 };
}
