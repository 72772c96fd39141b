import { describe, expect, it } from 'vitest';
import { contentTypeOf } from '../../../../demo/site/mime.ts';
import { fileBelow } from '../../../../demo/site/static-files.ts';

describe('a path of the site', () => {
  it('names a file below the folder', () => {
    expect(fileBelow('/srv/dist', '/assets/a%20b.png')).toBe('/srv/dist/assets/a b.png');
  });

  it.each([
    '/../secret',
    '/a/../../secret',
    '/%2e%2e/secret',
    '/..%2fsecret',
    '/a/..%5c..%5csecret',
    '/.git/config',
    '/a/.env',
    '/%00',
    '/%E0%A4%A',
  ])('names none: %s', (path) => {
    expect(fileBelow('/srv/dist', path)).toBeNull();
  });
});

describe('the content type of a file', () => {
  it.each([
    ['a.mjs', 'text/javascript; charset=utf-8'],
    ['a.JS', 'text/javascript; charset=utf-8'],
    ['ort.wasm', 'application/wasm'],
    ['graph.onnx', 'application/octet-stream'],
  ])('%s is %s', (name, type) => {
    expect(contentTypeOf(name)).toBe(type);
  });
});
