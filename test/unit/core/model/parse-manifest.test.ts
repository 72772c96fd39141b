import { describe, expect, it } from 'vitest';
import { isOverreadError } from '@overread/core/errors';
import { parseManifest, readManifest } from '@overread/core/model';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const manifest = tinyManifest(new Uint8Array([1]));

function faultsOf(json: unknown): readonly unknown[] {
  try {
    parseManifest(json);
  } catch (error) {
    if (isOverreadError(error) && error.code === 'model.manifest-invalid') return error.details['faults'] as string[];
    throw error;
  }
  return [];
}

describe('reading a manifest', () => {
  it('takes a valid one as it is', () => {
    expect(parseManifest(structuredClone(manifest))).toEqual(manifest);
  });

  it('says so when it is no JSON, or no UTF-8', () => {
    expect(() => readManifest(new TextEncoder().encode('{ "manifest": 1,'))).toThrow(/not a JSON document/);
    expect(() => readManifest(new Uint8Array([0x7b, 0xff, 0xfe]))).toThrow(/not a JSON document/);
  });

  const wrong: [string, object, RegExp][] = [
    ['a missing field', { id: undefined }, /^id: expected string, received undefined$/],
    ['a version that is none', { version: 'one' }, /^version: .*pattern/],
    ['an unknown field', { colour: 'red' }, /^\(root\): unrecognized key: "colour"$/],
    [
      'a wrong type deep inside',
      { input: { ...manifest.input, spacing: -1 } },
      /^input\.spacing: too small: expected number to be >0$/,
    ],
    ['an unknown kind', { input: { ...manifest.input, patch: { mode: 'huge' } } }, /^input\.patch\.mode: /],
    ['a path out of the package', { card: '../secret' }, /^card: /],
    [
      'a mask that is not defined',
      { input: { ...manifest.input, cropTo: 'lung' } },
      /^input\.cropTo: no mask named 'lung'/,
    ],
    [
      'an operating point that is not defined',
      { defaultOperatingPoint: 'high' },
      /^defaultOperatingPoint: no operating point/,
    ],
    [
      'a label that no output has',
      { finish: [{ kind: 'measureLabels', measurements: [{ kind: 'volume', labels: [1, 4] }] }] },
      /^finish\[0\]\.measurements\[0\]\.labels\[1\]: no label 4 in outputs$/,
    ],
    [
      'a lung field before its body mask',
      {
        input: {
          ...manifest.input,
          masks: [
            { kind: 'lungField', id: 'lung', body: 'body', below: -500, minVolume: 1, closingRadius: 5 },
            { kind: 'bodyMask', id: 'body', above: -500 },
          ],
        },
      },
      /^input\.masks\[0\]\.body: no mask named 'body' before this one$/,
    ],
  ];

  it.each(wrong)('names field and fault: %s', (_name, change, expected) => {
    const faults = faultsOf({ ...manifest, ...change });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(expected);
  });

  it('tells all faults at once', () => {
    expect(faultsOf({ ...manifest, id: 'Not An Id', licence: 3 })).toHaveLength(2);
  });
});
