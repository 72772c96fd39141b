import { isOverreadError } from '@overread/core/errors';
import { checkGrid } from '@overread/core/geometry';
import { describeSeries } from '@overread/core/volume';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { syntheticSeries } from '../../../support/synthetic-series.ts';

const keywords = Object.keys(syntheticSeries({ slices: 1 })[0] ?? {}).concat([
  'NumberOfFrames',
  'PerFrameFunctionalGroupsSequence',
  'SharedFunctionalGroupsSequence',
  'PixelPaddingValue',
  'ModalityLUTSequence',
]);

const junk = fc.oneof(
  fc.constantFrom(null, undefined, '', '0', '-1', 'NaN', '1e308', 0, -1, NaN, Infinity, 2 ** 31, 4e9, [], {}),
  fc.array(fc.oneof(fc.double(), fc.string(), fc.constant(null)), { maxLength: 7 }),
  fc.array(fc.dictionary(fc.constantFrom('PlanePositionSequence', 'FrameContentSequence'), fc.anything()), {
    maxLength: 3,
  }),
  fc.anything(),
);

it('damaged headers are refused or described, and nothing else happens', () => {
  const damage = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.constantFrom(...keywords), junk), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(damage, (changes) => {
      const series = syntheticSeries();
      for (const [slice, keyword, value] of changes) {
        // Slice 5 stands for all of them.
        series.forEach((instance, k) => {
          if (slice === k || slice === 5) series[k] = { ...instance, [keyword]: value };
        });
      }
      const result = describeSeries(series);
      if (result.ok) {
        checkGrid(result.value.grid);
        expect(result.value.slices.length).toBe(result.value.grid.dims[2]);
      } else {
        expect(isOverreadError(result.error)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});
