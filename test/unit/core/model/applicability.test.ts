import { applicability, type SeriesDescription } from '@overread/core/model';
import { describeSeries } from '@overread/core/volume';
import { describe, expect, it } from 'vitest';
import { syntheticSeries, type SyntheticSeries } from '../../../support/synthetic-series.ts';

const chestCT = {
  applicability: {
    modalities: ['CT'],
    bodyParts: ['CHEST', 'THORAX'],
    minSlices: 40,
    maxSliceSpacing: 3,
    maxPixelSpacing: 1,
    minExtent: 100,
  },
};

function series(options: SyntheticSeries = {}, changes: Partial<SeriesDescription> = {}): SeriesDescription {
  const geometry = describeSeries(syntheticSeries({ slices: 60, ...options }));
  return { modality: 'CT', bodyPart: 'CHEST', geometry, ...changes };
}

const because = (...reasons: string[]) => ({ applies: false, because: reasons });

describe('a chest CT model', () => {
  it('applies to a chest CT', () => {
    expect(applicability(chestCT, series())).toEqual({ applies: true });
  });

  it('applies where the series names no body part', () => {
    expect(applicability(chestCT, series({}, { bodyPart: null }))).toEqual({ applies: true });
    expect(applicability(chestCT, series({}, { bodyPart: ' thorax ' }))).toEqual({ applies: true });
  });

  it.each<[string, SeriesDescription, string]>([
    ['modality', series({}, { modality: 'MR' }), 'It reads CT; the series is MR.'],
    ['modality, unnamed', series({}, { modality: '' }), 'It reads CT; the series is of no named modality.'],
    ['body part', series({}, { bodyPart: 'HEAD' }), 'It is meant for CHEST or THORAX; the series names HEAD.'],
    ['slice count', series({ slices: 39, spacing: 3 }), 'It needs at least 40 slices; the series has 39.'],
    ['slice distance', series({ spacing: 3.2 }), 'It needs slices at most 3 mm apart; these are 3.2 mm apart.'],
    ['pixel size', series({ pixelSpacing: [1.25, 0.9] }), 'It needs pixels of at most 1 mm; these are 1.25 mm.'],
    ['extent', series({ spacing: 1 }), 'It needs a stack of at least 100 mm; this one covers 60 mm.'],
  ])('says why it does not apply: %s', (_, description, reason) => {
    expect(applicability(chestCT, description)).toEqual(because(reason));
  });

  it('takes a limit as a person means it, in spite of rounding', () => {
    expect(applicability(chestCT, series({ spacing: 3.0000001 }))).toEqual({ applies: true });
  });

  it('names every reason, not only the first', () => {
    const head = series({ slices: 20, spacing: 5 }, { bodyPart: 'HEAD', modality: 'PT' });
    const answer = applicability(chestCT, head);
    expect(answer.applies ? [] : answer.because).toEqual([
      'It reads CT; the series is PT.',
      'It is meant for CHEST or THORAX; the series names HEAD.',
      'It needs at least 40 slices; the series has 20.',
      'It needs slices at most 3 mm apart; these are 5 mm apart.',
    ]);
  });

  it('passes on why a series is no volume, with the numbers', () => {
    const gap = describeSeries(syntheticSeries({ slices: 60 }).toSpliced(10, 1));
    const answer = applicability(chestCT, series({}, { geometry: gap }));
    expect(answer.applies ? '' : answer.because.join()).toContain(
      '1 of 60 slices at a distance of 2.50 mm are missing',
    );
  });

  it('does not apply to a radiograph, without an error', () => {
    const radiograph = { Modality: 'CR', Rows: 300, Columns: 200, PixelSpacing: [0.2, 0.2], SOPInstanceUID: '2.25.3' };
    const description = { modality: 'CR', bodyPart: null, geometry: describeSeries([radiograph]) };
    expect(applicability(chestCT, description)).toEqual(
      because('It reads CT; the series is CR.', 'It needs at least 40 slices; the series has 1.'),
    );
  });
});

it('a model that names only modalities takes any geometry that is one', () => {
  const anyCT = { applicability: { modalities: ['CT', 'MR'] } };
  expect(applicability(anyCT, series({ slices: 1 }, { modality: 'MR', bodyPart: 'KNEE' }))).toEqual({ applies: true });
  expect(applicability(anyCT, series({}, { modality: 'US' }))).toEqual(because('It reads CT or MR; the series is US.'));
});

describe('the facts that a model may ask about', () => {
  const any = { applicability: { modalities: ['CT', 'MR', 'DX'] } };
  const asking = (needs: object) => ({ applicability: { ...any.applicability, ...needs } });
  const coronal = describeSeries(syntheticSeries({ slices: 60, columnDirection: [0, 0, -1] }));

  it.each<[string, object, SeriesDescription, string]>([
    ['view', { views: ['PA', 'AP'] }, series({}, { view: 'LL' }), 'It is meant for the view PA or AP; this is LL.'],
    ['plane', { planes: ['axial'] }, series({}, { geometry: coronal }), 'It reads axial slices; these are coronal.'],
    [
      'contrast agent',
      { contrast: 'without' },
      series({}, { contrast: 'with' }),
      'It is meant for images without contrast agent; these are with.',
    ],
    [
      'SOP class',
      { sopClasses: ['1.2.840.10008.5.1.4.1.1.1.1'] },
      series(),
      'It reads SOP classes 1.2.840.10008.5.1.4.1.1.1.1; these images are of 1.2.840.10008.5.1.4.1.1.2.',
    ],
    ['most slices', { maxSlices: 50 }, series(), 'It takes at most 50 slices; the series has 60.'],
    [
      'slices too near',
      { minSliceSpacing: 4 },
      series({ spacing: 2 }),
      'It needs slices at least 4 mm apart; these are 2 mm apart.',
    ],
    [
      'pixels too small',
      { minPixelSpacing: 0.5 },
      series({ pixelSpacing: [0.3, 0.7] }),
      'It needs pixels of at least 0.5 mm; these are 0.3 mm.',
    ],
  ])('says why it does not apply: %s', (_, needs, description, reason) => {
    expect(applicability(asking(needs), description)).toEqual(because(reason));
  });

  it('does not hold against a series what it does not say', () => {
    const needs = { views: ['PA'], contrast: 'with', planes: ['axial', 'coronal'] };
    expect(applicability(asking(needs), series())).toEqual({ applies: true });
    expect(applicability(asking(needs), series({}, { view: ' pa ', contrast: 'with', geometry: coronal }))).toEqual({
      applies: true,
    });
  });

  it('asks the series it is run on what its first channel asks for', () => {
    const channels = [{ name: 't1', series: { modality: 'CT', words: ['T1', 'mprage'] } }, { name: 't2' }];
    const model = { ...any, input: { channels, samples: 'grey' as const } };
    expect(applicability(model, series({}, { words: ['Sag MPRAGE'] }))).toEqual({ applies: true });
    expect(applicability(model, series({}, { words: ['Sag T2'] }))).toEqual(
      because("It is run on a series for 't1'; this one is none by what its header says."),
    );
  });

  it('is not run on a series of another channel, though its first says nothing of its series', () => {
    const channels = [{ name: 'T1' }, { name: 'FLAIR' }, { name: 'T1c' }];
    const model = { ...any, input: { channels, samples: 'grey' as const } };
    for (const words of [['Ax T1'], ['Survey'], []])
      expect(applicability(model, series({}, { words }))).toEqual({ applies: true });
    expect(applicability(model, series({}, { words: ['AX_T2_FLAIR'] }))).toEqual(
      because("It is run on a series for 'T1'; this one is for 'FLAIR' by what its header says."),
    );
    expect(applicability(model, series({}, { words: ['T1 post'] }))).toEqual(
      because("It is run on a series for 'T1'; this one is for 'T1c' by what its header says."),
    );
  });

  it('does not offer pictures in colour to a model that reads greyscale', () => {
    const { geometry } = series();
    if (!geometry.ok) throw new Error('The series is a volume.');
    const picture = series({}, { geometry: { ok: true, value: { ...geometry.value, inColour: true } } });
    const channels = [{ name: 'image' }];
    expect(applicability({ ...any, input: { channels, samples: 'grey' } }, picture)).toEqual(
      because('It reads greyscale; the series is in colour.'),
    );
    expect(applicability({ ...any, input: { channels, samples: 'rgb' } }, picture)).toEqual({ applies: true });
  });

  it('does not offer greyscale series to a model that reads colour', () => {
    const model = { ...any, input: { channels: [{ name: 'image' }], samples: 'rgb' as const } };
    expect(applicability(model, series())).toEqual(because('It reads colour; the series is greyscale.'));
    const gap = describeSeries(syntheticSeries({ slices: 60 }).toSpliced(10, 1));
    const answer = applicability(model, series({}, { geometry: gap }));
    expect(answer.applies ? [] : answer.because).toHaveLength(1);
  });
});
