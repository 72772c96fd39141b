import { describe, expect, it } from 'vitest';
import { readConfig } from '@overread/server';

const needed = ['--pacs', 'http://127.0.0.1:8042/dicom-web/', '--models', '/models'];

describe('settings of the server', () => {
  it('come from flags', () => {
    expect(readConfig([...needed, '--port', '0', '--threads', '3'], {})).toEqual({
      port: 0,
      archive: { root: 'http://127.0.0.1:8042/dicom-web', headers: {} },
      models: '/models',
      threads: 3,
      gpu: 'auto',
      warmBytes: 2 * 2 ** 30,
    });
  });

  it('come from the environment where no flag says otherwise, credentials only from there', () => {
    const env = {
      OVERREAD_PACS: 'https://pacs.test/wado',
      OVERREAD_MODELS: '/elsewhere',
      OVERREAD_PORT: '9000',
      OVERREAD_PACS_AUTHORIZATION: 'Bearer t0ken',
    };
    expect(readConfig(['--models', '/models'], env)).toMatchObject({
      port: 9000,
      archive: { root: 'https://pacs.test/wado', headers: { authorization: 'Bearer t0ken' } },
      models: '/models',
    });
  });

  it.each([
    [['--models', '/models'], /--pacs is missing/],
    [['--pacs', 'http://a.test'], /--models is missing/],
    [['--pacs', 'file:///etc', '--models', '/m'], /no http or https/],
    [['--pacs', 'http://me:secret@a.test', '--models', '/m'], /OVERREAD_PACS_AUTHORIZATION/],
    [[...needed, '--port', '70000'], /--port is no whole number/],
    [[...needed, '--threads', '1.5'], /--threads is no whole number/],
    [[...needed, '--gpu', 'maybe'], /--gpu is none of auto, off, any/],
    [[...needed, '--warm-memory', 'all'], /--warm-memory is no whole number/],
    [[...needed, '--verbose'], /--verbose/],
  ])('are refused by name: %j', (args, message) => {
    const attempt = () => readConfig(args, {});
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/secret/);
  });
});
