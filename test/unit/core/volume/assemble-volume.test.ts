import type { Attributes } from '@overread/core/dicom';
import {
  assembleVolume,
  createVolumeAssembler,
  describeSeries,
  type FramePixels,
  type SeriesGeometry,
  type Volume,
} from '@overread/core/volume';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { syntheticSeries } from '../../../support/synthetic-series.ts';

type Values = FramePixels['values'];

function geometryOf(series: readonly Attributes[]): SeriesGeometry {
  const result = describeSeries(series);
  if (!result.ok) throw result.error;
  return result.value;
}

function assemble(
  series: readonly Attributes[],
  values: readonly Values[],
  scale: FramePixels['scale'] = 'stored',
): Volume {
  const frames = series.map((instance, n) => ({ instance, frameNumber: null, values: values[n] ?? new Int16Array(), scale })); // prettier-ignore
  return assembleVolume(geometryOf(series), frames);
}

/** A series of slices of 2 x 1 pixels. */
const tiny = (slices: number, all: Attributes, each?: (k: number) => Attributes): Attributes[] =>
  syntheticSeries({ slices, rows: 1, columns: 2, all, ...(each && { each }) });

describe('stored values become modality values', () => {
  it('slice by slice, in order of k, whatever order the frames come in', () => {
    const series = syntheticSeries({ slices: 3, rows: 2, columns: 2 });
    const frames = series.map((instance, k) => ({
      instance,
      frameNumber: null,
      values: new Uint16Array([0, 1, 2, 3]).map((value) => value + 1000 * k),
      scale: 'stored' as const,
    }));
    const volume = assembleVolume(geometryOf(series), frames.toReversed());
    expect(volume.samples).toBeInstanceOf(Int16Array);
    expect([...volume.samples]).toEqual([-1024, -1023, -1022, -1021, -24, -23, -22, -21, 976, 977, 978, 979]);
    expect(volume).toMatchObject({ unit: 'HU', padding: null, ...geometryOf(series) });
  });

  it('by the rescale of each slice', () => {
    const series = tiny(2, {}, (k) => ({ RescaleSlope: k + 1, RescaleIntercept: -k }));
    expect([...assemble(series, [new Uint16Array([5, 6]), new Uint16Array([5, 6])]).samples]).toEqual([5, 6, 9, 11]);
  });

  it('as float32 where a slope or intercept is no whole number', () => {
    const volume = assemble(tiny(1, { RescaleSlope: '0.5', RescaleIntercept: 0.25 }), [new Uint16Array([1, 2])]);
    expect(volume.samples).toEqual(new Float32Array([0.75, 1.25]));
  });

  it('as int16 where all values fit, though those that the header allows would not', () => {
    const all = { BitsStored: 16, PixelRepresentation: 1, RescaleIntercept: -1024 };
    const volume = assemble(tiny(1, all), [new Int16Array([-2000, 3071])]);
    expect(volume.samples).toEqual(new Int16Array([-3024, 2047]));
  });

  it('as float32, never wrapped, where a single value does not fit int16', () => {
    const volume = assemble(tiny(2, {}), [new Uint16Array([0, 4095]), new Uint16Array([100, 63536])]);
    expect(volume.samples).toEqual(new Float32Array([-1024, 3071, -924, 62512]));
  });
});

describe('signed and unsigned values are read by the header, not by the array they come in', () => {
  const signed = { PixelRepresentation: 1, BitsStored: 16, RescaleIntercept: 0 };

  it.each<[string, Attributes, Values, number[]]>([
    ['signed in an unsigned array', signed, new Uint16Array([65535, 5]), [-1, 5]],
    ['signed in a signed array', signed, new Int16Array([-1, 5]), [-1, 5]],
    ['unsigned in a signed array', { RescaleIntercept: 0 }, new Int16Array([4095, 5]), [4095, 5]],
    ['12 bits signed, sign not extended', { ...signed, BitsStored: 12 }, new Uint16Array([0xfff, 0x7ff]), [-1, 2047]],
    ['12 bits signed, sign extended', { ...signed, BitsStored: 12 }, new Int16Array([-1, -2048]), [-1, -2048]],
    ['a padding below 12 signed bits', { ...signed, BitsStored: 12 }, new Uint16Array([0x8000, 0]), [-32768, 0]],
    ['8 bits signed', { ...signed, BitsAllocated: 8, BitsStored: 8 }, new Uint8Array([255, 127]), [-1, 127]],
    ['8 bits unsigned', { BitsAllocated: 8, BitsStored: 8, RescaleIntercept: 0 }, new Uint8Array([255, 127]), [255, 127]], // prettier-ignore
  ])('%s', (_, all, values, expected) => {
    expect([...assemble(tiny(1, all), [values]).samples]).toEqual(expected);
  });
});

it('modality values of a viewer and stored values of a file make the same volume', () => {
  const stored = fc.array(fc.integer({ min: 0, max: 4095 }), { minLength: 2, maxLength: 2 });
  const slope = fc.constantFrom(1, 2, 0.5, 1.25);
  fc.assert(
    fc.property(stored, slope, fc.integer({ min: -2000, max: 100 }), (values, RescaleSlope, RescaleIntercept) => {
      const series = tiny(1, { RescaleSlope, RescaleIntercept });
      const scaled = Float32Array.from(values, (value) => value * RescaleSlope + RescaleIntercept);
      const fromFile = assemble(series, [Uint16Array.from(values)]);
      expect(assemble(series, [scaled], 'modality')).toEqual(fromFile);
    }),
  );
});

it('MONOCHROME1 keeps its values: it says how to show them, not what they mean', () => {
  const values = new Uint16Array([0, 4095]);
  const shown = (PhotometricInterpretation: string) =>
    assemble(tiny(1, { PhotometricInterpretation }), [values]).samples;
  expect(shown('MONOCHROME1')).toEqual(shown('MONOCHROME2'));
});

describe('padding', () => {
  it('is named as a modality value', () => {
    const all = { PixelPaddingValue: 0 };
    const volume = assemble(tiny(1, all), [new Uint16Array([0, 1000])]);
    expect(volume.padding).toBe(-1024);
    expect([...volume.samples]).toEqual([-1024, -24]);
  });

  it('that is signed is found in its unsigned reading', () => {
    const all = { PixelRepresentation: 1, BitsStored: 16, RescaleIntercept: 0, PixelPaddingValue: 63536 };
    const volume = assemble(tiny(1, all), [new Int16Array([-2000, 7])]);
    expect(volume.padding).toBe(-2000);
    expect([...volume.samples]).toEqual([-2000, 7]);
  });

  it('of a range becomes the one padding value, ends included', () => {
    const all = { PixelPaddingValue: 10, PixelPaddingRangeLimit: 20, RescaleIntercept: 0 };
    const series = syntheticSeries({ slices: 1, rows: 1, columns: 6, all });
    const volume = assemble(series, [new Uint16Array([9, 10, 15, 20, 21, 500])]);
    expect(volume.padding).toBe(10);
    expect([...volume.samples]).toEqual([9, 10, 10, 10, 21, 500]);
  });

  it('has one value even where each slice has its own rescale', () => {
    const series = tiny(2, { PixelPaddingValue: 0 }, (k) => ({ RescaleSlope: 1, RescaleIntercept: -1000 - k }));
    const volume = assemble(series, [new Uint16Array([0, 50]), new Uint16Array([0, 50])]);
    expect(volume.padding).toBe(-1000);
    expect([...volume.samples]).toEqual([-1000, -950, -1000, -951]);
  });
});

describe('the unit of the values', () => {
  it.each<[string, Attributes, string]>([
    ['HU for CT', { Modality: 'CT' }, 'HU'],
    ['1 for CT of unspecified units', { Modality: 'CT', RescaleType: 'US' }, '1'],
    ['the Units of PET', { Modality: 'PT', Units: 'BQML' }, 'BQML'],
    ['1 for MR', { Modality: 'MR' }, '1'],
    ['RescaleType where it names one', { Modality: 'MR', RescaleType: 'mm2/s' }, 'mm2/s'],
  ])('is %s', (_, all, unit) => {
    expect(assemble(tiny(1, all), [new Uint16Array(2)]).unit).toBe(unit);
  });
});

describe('pixels that do not fit their header are refused', () => {
  const series = tiny(3, {});

  it('by number', () => {
    expect(() => assemble(series, [new Uint16Array(2), new Uint16Array(3), new Uint16Array(2)])).toThrow(
      /image 2 has 3 pixels instead of 2/,
    );
  });

  it('when slices are missing', () => {
    const assembler = createVolumeAssembler(geometryOf(series), series);
    assembler.add({ instance: series[1] ?? {}, frameNumber: null, values: new Uint16Array(2), scale: 'stored' });
    expect(() => assembler.finish()).toThrow(/2 of 3 slices have no pixels \(image 1, image 3\)/);
  });

  it('when they belong to another series', () => {
    const other = { ...series[0], SOPInstanceUID: '2.25.999', InstanceNumber: 77 };
    const assembler = createVolumeAssembler(geometryOf(series), series);
    expect(() => assembler.add({ instance: other, frameNumber: null, values: new Uint16Array(2), scale: 'stored' })).toThrow(/image 77 does not belong/); // prettier-ignore
  });

  it('when they hold values that are no numbers', () => {
    const values = [new Float32Array([0, NaN]), new Float32Array(2), new Float32Array(2)];
    expect(() => assemble(series, values, 'modality')).toThrow(/image 1 holds values that are no numbers/);
  });
});

it('the pixels handed in are copied and stay as they were', () => {
  const values = new Int16Array([1, 2]);
  const all = { PixelRepresentation: 1, BitsStored: 16, RescaleIntercept: 0 };
  const { samples } = assemble(tiny(1, all), [values]);
  samples[0] = 99;
  expect([...values]).toEqual([1, 2]);
});

it('frames of a multi-frame instance find their slices by frame number', () => {
  const frames = [5, 0].map((z) => ({ PlanePositionSequence: [{ ImagePositionPatient: [0, 0, z] }] }));
  const shared = {
    PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
    PixelMeasuresSequence: [{ PixelSpacing: [1, 1], SliceThickness: 5 }],
  };
  const instance = {
    ...tiny(1, {})[0],
    NumberOfFrames: 2,
    SharedFunctionalGroupsSequence: [shared],
    PerFrameFunctionalGroupsSequence: frames,
  };
  const pixels = (frameNumber: number, value: number): FramePixels => ({
    instance,
    frameNumber,
    values: new Uint16Array(2).fill(value),
    scale: 'stored',
  });
  const volume = assembleVolume(geometryOf([instance]), [pixels(1, 1024), pixels(2, 2024)]);
  expect([...volume.samples]).toEqual([1000, 1000, 0, 0]);
});

it('a volume that no memory holds is refused with its size', () => {
  const series = syntheticSeries({ slices: 5, rows: 65_535, columns: 65_535 });
  expect(() => createVolumeAssembler(geometryOf(series), series)).toThrow(/no room for a volume of 21474181125 voxels/);
});
