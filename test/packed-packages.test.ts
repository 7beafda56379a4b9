/** Packages that are packed into one file: the same as the packages, and used by what starts through bin/kontor.js. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';

interface Places {
  readonly manyFiles: readonly string[];
  packedFile(name: string): URL | undefined;
}

const load = (path: string) => import(new URL(path, import.meta.url).href);
const { manyFiles, packedFile }: Places = await load('../bin/packed-packages.js');
await (await load('../tools/pack-packages.js')).packPackages();
await load('../bin/use-packed-packages.js');

for (const name of manyFiles) {
  it(`${name} exports packed what it exports`, async () => {
    const folder = new URL(`../node_modules/${name}/`, import.meta.url);
    const about = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
    const packed = packedFile(name)?.href ?? '';
    const namesOf = async (url: string) => Object.keys(await import(url)).sort();
    assert.deepEqual(await namesOf(packed), await namesOf(new URL(about.exports['.'].import, folder).href));
    assert.ok(packed.endsWith(`${name}-${about.version}.mjs`));
    assert.equal(import.meta.resolve(name), packed);
  });
}

it('a package that is not installed has no packed file', () => {
  assert.equal(packedFile('no-such-package'), undefined);
});
