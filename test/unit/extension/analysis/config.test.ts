import { describe, expect, test } from 'vitest';
import { readSiteConfig } from '../../../../extension/src/analysis/config.ts';

const base = 'https://viewer.example/overread/';
const defaults = {
  segmentation: 'binary',
  heatMap: true,
  presentationState: false,
  secondaryCapture: false,
  keyObjects: false,
};

describe('the settings of a site', () => {
  test('may be absent: the models lie beside the plug-in and no server is asked', () => {
    expect(readSiteConfig(undefined, base)).toEqual({
      config: { models: `${base}models/`, server: null, store: defaults, organization: null, place: 'browser' },
      problems: [],
    });
  });

  test('name addresses relative to the plug-in, with or without a slash at the end', () => {
    const { config } = readSiteConfig({ models: '/ai/models', server: '/ai/api/v1/' }, base);
    expect(config.models).toBe('https://viewer.example/ai/models/');
    expect(config.server).toBe('https://viewer.example/ai/api/v1');
  });

  test('with a fault in one field keep the others and say which field and why', () => {
    const { config, problems } = readSiteConfig({ segmentation: 'no', server: '/api/v1', place: 'moon' }, base);
    expect(config).toMatchObject({ store: defaults, server: 'https://viewer.example/api/v1', place: 'browser' });
    expect(problems.map(({ field }) => field)).toEqual(['segmentation', 'place']);
    expect(problems[0]?.why).toMatch(/boolean/);
  });

  test('with a misspelt name are told so', () => {
    expect(readSiteConfig({ modles: '/x/' }, base).problems).toEqual([
      { field: 'modles', why: 'there is no such setting' },
    ]);
  });

  test('that are no object are told so and the defaults hold', () => {
    const { config, problems } = readSiteConfig('on', base);
    expect(config.models).toBe(`${base}models/`);
    expect(problems).toHaveLength(1);
  });

  test('with an address that is none are told so', () => {
    expect(readSiteConfig({ server: 'http://' }, base)).toMatchObject({
      config: { server: null },
      problems: [{ field: 'server' }],
    });
  });

  test('say what a Save writes, object by object', () => {
    const { config, problems } = readSiteConfig(
      { store: { segmentation: 'labelmap', heatMap: false, keyObjects: true } },
      base,
    );
    expect(problems).toEqual([]);
    expect(config.store).toEqual({ ...defaults, segmentation: 'labelmap', heatMap: false, keyObjects: true });
    expect(readSiteConfig({ store: { segmentation: true } }, base).config.store.segmentation).toBe('binary');
  });

  test('of before `store` still hold, where that says nothing else', () => {
    expect(readSiteConfig({ segmentation: false }, base).config.store).toEqual({ ...defaults, segmentation: false });
    const both = readSiteConfig({ segmentation: false, store: { segmentation: 'binary' } }, base);
    expect(both.config.store.segmentation).toBe('binary');
  });

  test('of what a Save writes are checked one by one', () => {
    const { config, problems } = readSiteConfig(
      { store: { segmentation: 'bits', keyObject: true, presentationState: true, heatMap: 'yes' } },
      base,
    );
    expect(config.store).toEqual({ ...defaults, presentationState: true });
    expect(problems.map(({ field }) => field)).toEqual(['store.keyObject', 'store.segmentation', 'store.heatMap']);
    expect(problems[1]?.why).toContain('labelmap');
    expect(readSiteConfig({ store: 'all' }, base).problems).toEqual([
      { field: 'store', why: 'expected an object of settings' },
    ]);
  });

  test.each([
    ['Phantom Hospital', 'Phantom Hospital'],
    [null, null],
    ['   ', null],
    ['a\\b', null],
    ['x'.repeat(65), null],
  ])('with the organization %j: %j', (organization, expected) => {
    const { config, problems } = readSiteConfig({ organization }, base);
    expect(config.organization).toBe(expected);
    expect(problems).toHaveLength(expected === organization ? 0 : 1);
  });
});
