import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readPart10, sctCodes } from '@overread/core/dicom';
import { decodeResults } from '@overread/core/results';
import { gridSpacing } from '@overread/core/geometry';
import { describeSeries } from '@overread/core/volume';
import { openSegmentation } from '../../../../core/results/seg/open.ts';
import { ownGeometry } from '../../../../core/results/seg/own-grid.ts';
import { readOnSeries, type ReadSegmentation } from '../../../../core/results/seg/read.ts';
import { readStoredObject } from '../../../../core/results/stored-object.ts';
import { boxLabelMap } from '../../../support/analyses.ts';
import { loadCornerstoneAdapters } from '../../../support/cornerstone-adapters.ts';
import { ctSeries } from '../../../support/ct-series.ts';
import { sharedData } from '../../../support/shared-data.ts';

const dcmqi = sharedData('dcmqi', 'segmentations');
const highdicom = sharedData('highdicom');

const bytesOf = (path: string) => new Uint8Array(readFileSync(path));

/** A SEG on the grid that its own frames span. */
function readAlone(path: string): ReadSegmentation {
  const object = readStoredObject(bytesOf(path));
  if (object === null) throw new Error('the file says what it is');
  const opened = openSegmentation(object.dataset, object.transferSyntaxUID);
  if (typeof opened === 'string') throw new Error(opened);
  const geometry = ownGeometry(opened);
  if (typeof geometry === 'string') throw new Error(geometry);
  const read = readOnSeries(object, geometry, { labelValue: (number) => number, missingCode: sctCodes.unknown });
  if (!read.ok) throw new Error(read.reason);
  return read;
}

/** Voxels of an uncompressed or gzipped NRRD of shorts or bytes. */
function nrrdVoxels(path: string): readonly number[] {
  const file = readFileSync(path);
  const end = file.indexOf('\n\n');
  const header = file.subarray(0, end).toString('latin1');
  const raw = file.subarray(end + 2);
  const data = /^encoding: (?:gzip|gz)$/m.test(header) ? gunzipSync(raw) : raw;
  const wide = /^type: (?:short|int16|unsigned short|ushort|signed short)/m.test(header);
  if (!wide) return [...data];
  return Array.from({ length: data.length >> 1 }, (_, index) => data.readInt16LE(2 * index));
}

function layerOf(read: ReadSegmentation, index = 0) {
  const layer = read.layers[index];
  if (layer === undefined) throw new Error('there is a label map');
  return layer;
}

describe.skipIf(dcmqi === null)('segmentations that dcmqi wrote (sample data, absent: skipped)', () => {
  it.each(['23x38x3', '24x38x3'])('give the mask they were made of: frames of %s', (size) => {
    const read = readAlone(`${dcmqi}/${size}/seg/label.seg`);
    const expected = nrrdVoxels(`${dcmqi}/${size}/nrrd/label.nrrd`);
    const { labels } = layerOf(read);
    expect(labels.length).toBe(expected.length);
    expect(labels.every((label, at) => (label !== 0) === (expected[at] !== 0))).toBe(true);
  });

  it('lie on the images that they were made on', () => {
    for (const size of ['23x38x3', '24x38x3']) {
      const images = ['IMG0001', 'IMG0002', 'IMG0003'].map((name) => bytesOf(`${dcmqi}/${size}/image/${name}.dcm`));
      const series = describeSeries(images.map((bytes) => readPart10(bytes).dataset));
      const object = readStoredObject(bytesOf(`${dcmqi}/${size}/seg/label.seg`));
      if (!series.ok || object === null) throw new Error('the images are a series');
      const read = readOnSeries(object, series.value, { labelValue: (number) => number, missingCode: null });
      if (!read.ok) throw new Error(read.reason);
      expect(layerOf(read).labels).toEqual(layerOf(readAlone(`${dcmqi}/${size}/seg/label.seg`)).labels);
    }
  });

  it('come in several label maps where they overlap, and none loses a voxel', () => {
    const read = readAlone(`${dcmqi}/partial_overlaps.dcm`);
    expect(read.layers.length).toBeGreaterThan(1);
    const counts = new Map<number, number>();
    for (const [number, { layer, value }] of read.places) {
      counts.set(number, layerOf(read, layer).labels.filter((label) => label === value).length);
    }
    const expected = [1, 2, 3].flatMap((part) => {
      const voxels = nrrdVoxels(`${dcmqi}/partial_overlaps-${part}.nrrd`);
      const values = [...new Set(voxels)].filter((value) => value !== 0);
      return values.map((value) => voxels.filter((voxel) => voxel === value).length);
    });
    expect([...counts.values()].sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
  });

  it.each(['noppv', 'ppv5'])('as label maps keep background out, whatever the padding value is: %s', (name) => {
    const read = readAlone(`${dcmqi}/sparse-labelmap-${name}.dcm`);
    const [liver] = layerOf(read).segments;
    expect(layerOf(read).segments).toHaveLength(1);
    expect(liver?.label).toBe('Liver');
    expect(layerOf(read).labels.filter((label) => label !== 0)).toHaveLength(630);
  });
});

describe.skipIf(highdicom === null)('segmentations that highdicom wrote (sample data, absent: skipped)', () => {
  it('are the same mask as binary and as fractional ones', () => {
    const binary = readAlone(`${highdicom}/seg_image_ct_binary.dcm`);
    const fractional = readAlone(`${highdicom}/seg_image_ct_binary_fractional.dcm`);
    expect(layerOf(fractional).labels).toEqual(layerOf(binary).labels);
    expect(fractional.fractions[0]?.maximum).toBeGreaterThan(0);
  });

  it('keep their fractions', () => {
    const [fraction] = readAlone(`${highdicom}/seg_image_ct_true_fractional.dcm`).fractions;
    expect(fraction?.kind).toBe('PROBABILITY');
    expect([...new Set(fraction?.values)].sort((a, b) => a - b)).toEqual([0, 64, 128]);
  });

  it('are the same on whole slides with all tiles as with only those that hold something', () => {
    const full = readAlone(`${highdicom}/seg_image_sm_dots_tiled_full.dcm`);
    const sparse = readAlone(`${highdicom}/seg_image_sm_dots.dcm`);
    expect(full.type).toBe('BINARY');
    expect(layerOf(full).grid.dims).toEqual([50, 50, 1]);
    expect(layerOf(full).labels).toEqual(layerOf(sparse).labels);
    expect(gridSpacing(layerOf(full).grid)[0]).toBeCloseTo(gridSpacing(layerOf(sparse).grid)[0], 6);
  });

  it('are the same on whole slides as masks and as label maps', () => {
    const binary = readAlone(`${highdicom}/seg_image_sm_control.dcm`);
    for (const name of ['labelmap', 'labelmap_palette_color']) {
      const labelled = readAlone(`${highdicom}/seg_image_sm_control_${name}.dcm`);
      expect(labelled.type).toBe('LABELMAP');
      expect(layerOf(labelled).labels).toEqual(layerOf(binary).labels);
    }
  });
});

describe('a segmentation as the viewer itself stores it', () => {
  it('is the mask that its own adapters were given', { timeout: 120_000 }, async () => {
    const { geometry, datasets } = ctSeries({ dims: [16, 12, 5] });
    const labelMap = boxLabelMap(geometry);
    const adapters = await loadCornerstoneAdapters();
    const { otherSegmentations, problems } = decodeResults([adapters.encode(labelMap, datasets)], geometry);
    expect(problems.map(({ code }) => code)).toEqual(['results.segmentation-alone']);
    const [layer] = otherSegmentations[0]?.layers ?? [];
    expect(layer?.labels).toEqual(labelMap.labels);
    expect(layer?.segments.map(({ number, label }) => [number, label])).toEqual(
      labelMap.segments.map(({ number, label }) => [number, label]),
    );
  });
});
