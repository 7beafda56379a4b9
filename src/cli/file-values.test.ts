/** Values that stand in files: read without their last line break, and refused where they cannot be had. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readHouseConfig } from '#house/read-config.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { withFileValues } from './file-values.ts';

describe('options from files', () => {
  it('are read as if they stood in the environment, by their other names, too', (t) => {
    const file = join(temporaryFolder(t), 'address');
    writeFileSync(file, 'the-name-of-a-key\n');
    for (const name of ['LAKE_S3_ACCESS_KEY', 'AWS_ACCESS_KEY_ID']) {
      const environment = withFileValues({ [`${name}_FILE`]: file, PORT: '3001' });
      const { config, warnings } = readHouseConfig({ environment, flags: new Map() });
      assert.equal(config.lakeS3AccessKey, 'the-name-of-a-key');
      assert.equal(config.port, 3001);
      assert.deepEqual(warnings, []);
    }
  });

  it('change nothing where none is named', () => {
    assert.deepEqual(withFileValues({ STATE_URL: 'sqlite:x.db', STATE_URL_FILE: '' }), { STATE_URL: 'sqlite:x.db', STATE_URL_FILE: '' });
  });

  it('are refused when they cannot be read, are far too large, or the value is given twice', (t) => {
    const folder = temporaryFolder(t);
    const large = join(folder, 'large');
    writeFileSync(large, 'x'.repeat(65_537));
    const refusal = (message: RegExp) => ({ code: 'invalid_option', message });
    assert.throws(() => withFileValues({ STATE_URL_FILE: join(folder, 'none') }), refusal(/STATE_URL_FILE names ".*none".*ENOENT/));
    assert.throws(() => withFileValues({ STATE_URL_FILE: large }), refusal(/65537 bytes/));
    assert.throws(() => withFileValues({ STATE_URL_FILE: large, STATE_URL: 'sqlite:x.db' }), refusal(/both set/));
  });
});
