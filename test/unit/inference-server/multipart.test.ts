import { describe, expect, it } from 'vitest';
import { parameterOf, parseMultipart } from '../../../inference-server/src/dicomweb/multipart.ts';

const type = 'multipart/related; type="application/octet-stream"; boundary=b0und';
const bytes = (text: string) => Buffer.from(text, 'latin1');
const texts = (body: string, contentType = type) =>
  parseMultipart(contentType, bytes(body))?.map((part) => [
    part.contentType,
    Buffer.from(part.body).toString('latin1'),
  ]) ?? null;

describe('a multipart answer', () => {
  it('is split into parts with their types', () => {
    const body =
      '--b0und\r\nContent-Type: image/jls\r\n\r\none\r\n--b0und\r\ncontent-type: x/y; a=b\r\nContent-Location: /1\r\n\r\ntwo\r\n--b0und--\r\n';
    expect(texts(body)).toEqual([
      ['image/jls', 'one'],
      ['x/y; a=b', 'two'],
    ]);
  });

  it('keeps line ends, boundary-like bytes and nothing inside a part', () => {
    expect(texts('--b0und\r\n\r\n\r\n--b0un\r\n\r\n\r\n--b0und\r\nA: b\r\n\r\n\r\n--b0und--')).toEqual([
      ['', '\r\n--b0un\r\n\r\n'],
      ['', ''],
    ]);
  });

  it('may begin with a preamble, and quote its boundary', () => {
    expect(texts('hello\r\n--a b\r\n\r\nx\r\n--a b--', 'multipart/related; boundary="a b"')).toEqual([['', 'x']]);
  });

  it.each([
    ['cut short', '--b0und\r\n\r\nonly half', type],
    ['without its last boundary', '--b0und\r\n\r\none\r\n--b0und\r\n', type],
    ['of another kind', '--b0und\r\n\r\none\r\n--b0und--', 'application/json; boundary=b0und'],
    ['without a boundary', '--b0und\r\n\r\none\r\n--b0und--', 'multipart/related'],
    ['empty', '', type],
  ])('is none when it is %s', (_name, body, contentType) => {
    expect(texts(body, contentType)).toBeNull();
  });

  it('answers at once however many boundaries it fakes', () => {
    expect(texts('--b0und\r\n'.repeat(200_000))).toBeNull();
  });
});

describe('a parameter of a media type', () => {
  it('is found with and without quotes, whatever its case', () => {
    expect(parameterOf('a/b; Transfer-Syntax="1.2"; q=1', 'transfer-syntax')).toBe('1.2');
    expect(parameterOf('a/b;transfer-syntax=1.2.3', 'transfer-syntax')).toBe('1.2.3');
    expect(parameterOf('a/b; other=1', 'transfer-syntax')).toBeNull();
  });
});
