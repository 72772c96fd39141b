import { describe, expect, test } from 'vitest';
import { mapForm } from '../../../../extension/src/analysis/stored-forms.ts';
import { analysisOf } from '../../../support/analyses.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import type { Vec3 } from '@overread/core/geometry';

describe('the form of a heat map', () => {
  const of = (dims: Vec3) => {
    const { source } = analysisOf(ctSeries({ dims: [4, 4, 2] }).geometry);
    return analysisOf(ctSeries().geometry, { source: { ...source, grid: { ...source.grid, dims } } });
  };

  test('is one that the viewer shows, unless that is very large', () => {
    expect(mapForm(true, of([512, 512, 192]))).toBe('on-source-grid');
    expect(mapForm(true, of([512, 512, 193]))).toBe(true);
  });

  test('is the one that the site asks for', () => {
    expect(mapForm('own-grid', of([8, 8, 8]))).toBe(true);
    expect(mapForm(false, of([8, 8, 8]))).toBe(false);
  });
});
