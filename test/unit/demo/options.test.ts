import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOptions } from '../../../demo/options.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'overread-options-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function config(content: unknown): string {
  const path = join(folder, 'config.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('options of npm start', () => {
  it('have defaults', () => {
    expect(readOptions([], {})).toMatchObject({
      ...{ viewer: '3.13.2', port: 3000, portIsFixed: false, data: [], phantom: true, server: true, pacs: null },
    });
  });

  it('are null where help is asked for', () => {
    expect(readOptions(['--help', '--port', '1'], {})).toBeNull();
  });

  it('come from the command line before the environment, and from there before the file', () => {
    const path = config({
      port: 4000,
      viewer: '3.12.10',
      pacs: { url: 'http://file/dicomweb', user: 'file', password: 'p' },
    });
    const options = readOptions(['--config', path, '--port', '5000'], { OVERREAD_PACS_USER: 'env' })!;
    expect(options).toMatchObject({ port: 5000, portIsFixed: true, viewer: '3.12.10' });
    expect(options.pacs!.authorization).toBe(`Basic ${Buffer.from('env:p').toString('base64')}`);
    const overruled = readOptions(['--config', path, '--pacs', 'http://line/web'], {
      OVERREAD_PACS: 'http://env/web',
    })!;
    expect(overruled.pacs!.wadoRoot).toBe('http://line/web');
  });

  it('give a PACS its three roots, without a slash at the end', () => {
    const env = { OVERREAD_PACS_QIDO_ROOT: 'https://q/a/', OVERREAD_PACS_WADO_ROOT: 'https://w/b' };
    expect(readOptions([], env)!.pacs).toMatchObject({
      qidoRoot: 'https://q/a',
      wadoRoot: 'https://w/b',
      stowRoot: 'https://w/b',
    });
  });

  it('send a token as bearer', () => {
    const { pacs } = readOptions(['--pacs', 'https://pacs/web'], { OVERREAD_PACS_TOKEN: 'abc' })!;
    expect(pacs!.authorization).toBe('Bearer abc');
  });

  it.each([
    ['an option nobody knows', ['--prot', '1'], {}, /--prot/],
    ['a port that is no number', ['--port', 'many'], {}, /port: must be a whole number/],
    ['an empty port', ['--port', ''], {}, /port: must be a whole number/],
    ['a version that is a path', ['--viewer', '../../x'], {}, /viewer: must be a version/],
    ['an address of another kind', ['--pacs', 'file:///etc'], {}, /pacs.url: must be an http/],
    ['a password in the address', ['--pacs', 'http://me:hunter2@pacs/web'], {}, /holds a password/],
    ['half a PACS', [], { OVERREAD_PACS_STOW_ROOT: 'http://s/web' }, /both a QIDO and a WADO root/],
    [
      'two kinds of credentials',
      ['--pacs', 'http://p/w'],
      { OVERREAD_PACS_TOKEN: 't', OVERREAD_PACS_USER: 'u' },
      /takes one of them/,
    ],
    [
      'a CA file that is not there',
      ['--pacs', 'https://p/w'],
      { OVERREAD_PACS_CA: '/nowhere/ca.pem' },
      /ca\.pem cannot be read/,
    ],
  ])('refuse %s', (_, args, env, message) => {
    expect(() => readOptions(args, env)).toThrow(message);
  });

  it('refuse a CA file that holds no certificate', () => {
    const env = { OVERREAD_PACS_CA: config('no certificate at all') };
    expect(() => readOptions(['--pacs', 'https://p/w'], env)).toThrow(/holds no certificate in PEM form/);
  });

  it('name the field of the config file that is wrong, and never its value', () => {
    const path = config({ pacs: { url: 'http://p/w', passwort: 'hunter2' } });
    expect(() => readOptions(['--config', path], {})).toThrow(/passwort/);
    try {
      readOptions(['--config', config({ pacs: { url: 'http://p/w', token: { deep: 'hunter2' } } })], {});
      expect.unreachable();
    } catch (error) {
      expect(String(error)).toContain('pacs.token');
      expect(String(error)).not.toContain('hunter2');
    }
  });

  it('refuse a config file that is no JSON', () => {
    expect(() => readOptions(['--config', config('{')], {})).toThrow(/cannot be read as JSON/);
  });
});
