/** Only the bytes say what a picture is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureKindOf } from './picture-kinds.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

test('the four kinds are known by their first bytes', () => {
  assert.equal(pictureKindOf(bytes('\x89PNG\r\n\x1a\n....')), 'png');
  assert.equal(pictureKindOf(bytes('\xff\xd8\xff\xe0JFIF')), 'jpeg');
  assert.equal(pictureKindOf(bytes('RIFF\x10\0\0\0WEBPVP8 ')), 'webp');
  assert.equal(pictureKindOf(bytes('\0\0\0\x1cftypavif')), 'avif');
});

test('what could be run by a browser is none, nor is what is too short', () => {
  for (const text of [
    '',
    '<svg xmlns="http://www.w3.org/2000/svg">',
    '<!doctype html>',
    'GIF89a',
    'RIFF\x10\0\0\0WAVE',
    '\0\0\0\x1cftypmp42',
    '\x89PN',
  ])
    assert.equal(pictureKindOf(bytes(text)), undefined, text);
});
