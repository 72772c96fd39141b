import { describe, expect, it } from 'vitest';
import { chooseSeries, seriesFacts, type SeriesCandidate } from '@overread/core/model';
import { describeSeries } from '@overread/core/volume';
import { syntheticSeries, type SyntheticSeries } from '../../../support/synthetic-series.ts';

type Channels = Parameters<typeof chooseSeries>[0]['channels'];

function series(uid: string, header: object, options: SyntheticSeries & { space?: string } = {}): SeriesCandidate {
  const { space = '1.2.3', ...shape } = options;
  const instances = syntheticSeries({ slices: 20, ...shape }).map((instance) => ({
    ...instance,
    Modality: 'MR',
    ...header,
    FrameOfReferenceUID: space,
  }));
  return { seriesInstanceUID: uid, ...seriesFacts(instances[0] ?? {}), geometry: describeSeries(instances) };
}

const t1 = series('1', { SeriesDescription: 'Ax T1 SE' });
const contrast = series('2', { SeriesDescription: 'Ax T1 SE +C', ContrastBolusAgent: 'Gadobutrol' });
const flair = series('3', { SeriesDescription: 'Dark fluid', ProtocolName: 'FLAIR_3mm' });
const study = [t1, contrast, flair, series('4', { SeriesDescription: 'Localizer' })];

const channels: Channels = [
  { name: 't1', series: { words: ['T1'], contrast: 'without' } },
  { name: 'contrast', series: { modality: 'MR', words: ['t1'], contrast: 'with' } },
  { name: 'flair', series: { words: ['flair'] } },
];

describe('the series of the other channels', () => {
  it('are found by what their headers say', () => {
    expect(chooseSeries({ channels }, '1', study)).toEqual({ ok: true, series: { contrast: '2', flair: '3' } });
  });

  it('go by the name of a channel that says nothing of its series', () => {
    expect(chooseSeries({ channels: [{ name: 'a' }, { name: 'localizer' }] }, '1', study)).toEqual({
      ok: true,
      series: { localizer: '4' },
    });
  });

  it('are the one on the same grid before the one with more voxels, that before another, and none twice', () => {
    const thin = series('5', { SeriesDescription: 'FLAIR thin' }, { slices: 60, spacing: 1 });
    const thick = series('6', { SeriesDescription: 'FLAIR thick' }, { slices: 10, spacing: 9 });
    const two: Channels = [{ name: 't1' }, { name: 'one', series: { words: ['flair'] } }, { name: 'two', series: { words: ['flair'] } }]; // prettier-ignore
    expect(chooseSeries({ channels: two }, '1', [thick, thin, ...study])).toEqual({
      ok: true,
      series: { one: '3', two: '5' },
    });
    expect(chooseSeries({ channels: two }, '1', [t1, thick, thin])).toEqual({
      ok: true,
      series: { one: '5', two: '6' },
    });
  });

  it('are named where they lack, each with what was asked for', () => {
    const elsewhere = series('7', { SeriesDescription: 'FLAIR' }, { space: '9.9' });
    expect(chooseSeries({ channels }, '1', [t1, elsewhere])).toEqual({
      ok: false,
      because: [
        "It also reads a series as 'contrast' (MR, with contrast agent, named t1); the study has none.",
        "It also reads a series as 'flair' (named flair); the one there is does not share the frame of reference of this series.",
      ],
    });
  });

  it('cannot be laid over a series without a frame of reference', () => {
    const lone = series('8', { SeriesDescription: 'T1' }, { space: '' });
    expect(chooseSeries({ channels }, '8', [lone, ...study]).ok).toBe(false);
  });
});

describe('what a header says of the contrast agent', () => {
  it.each<[object, 'with' | 'without' | null]>([
    [{}, null],
    [{ ContrastBolusAgent: '' }, null],
    [{ ContrastBolusAgent: 'NONE ' }, 'without'],
    [{ ContrastBolusAgent: 'Omnipaque 350' }, 'with'],
    [{ ContrastBolusAgentSequence: [{ CodeMeaning: 'Iohexol' }] }, 'with'],
  ])('%j', (header, contrast) => {
    expect(seriesFacts(header as Record<string, unknown>).contrast).toBe(contrast);
  });
});
