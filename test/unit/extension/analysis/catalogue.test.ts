import { describe, expect, test } from 'vitest';
import { fetchCatalogue } from '../../../../extension/src/analysis/catalogue.ts';
import { addressOf, siteOf } from '../../../support/reading-room.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const root = 'https://viewer.example/models/';
const { signal } = new AbortController();
const good = tinyManifest(new Uint8Array(4));
const broken = { ...tinyManifest(new Uint8Array(4), { id: 'broken' }), limitations: [] };

const answering =
  (make: () => Response): typeof fetch =>
  () =>
    Promise.resolve(make());

describe('the catalogue', () => {
  test('offers each model with the address that its files are relative to', async () => {
    const { models, broken: none } = await fetchCatalogue(root, siteOf([good]), signal);
    expect(models.map(({ url }) => url)).toEqual([`${root}tiny-test/model.json`]);
    expect(none).toEqual([]);
  });

  test('lists a manifest with a fault by field and reason, beside the good ones', async () => {
    const { models, broken: faulty } = await fetchCatalogue(root, siteOf([good, broken]), signal);
    expect(models).toHaveLength(1);
    expect(faulty).toMatchObject([{ id: 'broken', problem: { code: 'model.manifest-invalid' } }]);
    expect(faulty[0]?.problem.message).toContain('limitations');
  });

  test('does not offer a model whose manifest is another version than the list says', async () => {
    const site = siteOf([good]);
    const older: typeof fetch = async (input) => {
      const response = await site(input);
      if (!addressOf(input).endsWith('model.json')) return response;
      return Response.json({ ...good, version: '0.9.0' });
    };
    const { models, broken: faulty } = await fetchCatalogue(root, older, signal);
    expect(models).toEqual([]);
    expect(faulty[0]?.problem.message).toContain('0.9.0');
  });

  test.each([
    ['does not answer', () => Promise.reject(new TypeError('failed to fetch')), 'catalogue.unreachable'],
    ['answers 404', answering(() => new Response('', { status: 404 })), 'catalogue.unreachable'],
    ['answers a page', answering(() => new Response('<html>')), 'catalogue.invalid'],
    ['answers another document', answering(() => Response.json({ models: [{ id: 1 }] })), 'catalogue.invalid'],
  ])('says what is wrong when the site %s', async (_, site: typeof fetch, code) => {
    await expect(fetchCatalogue(root, site, signal)).rejects.toMatchObject({ code });
  });
});
