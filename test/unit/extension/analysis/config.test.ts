import { describe, expect, test } from 'vitest';
import { readSiteConfig } from '../../../../extension/src/analysis/config.ts';

const base = 'https://viewer.example/overread/';

describe('the settings of a site', () => {
  test('may be absent: the models lie beside the plug-in and no server is asked', () => {
    expect(readSiteConfig(undefined, base)).toEqual({
      config: { models: `${base}models/`, server: null, segmentation: true, place: 'browser' },
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
    expect(config).toMatchObject({ segmentation: true, server: 'https://viewer.example/api/v1', place: 'browser' });
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
});
