import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { integerOf, numbersOf, readPart10, textOf, type Attributes } from '@overread/core/dicom';
import { ensurePhantom, phantomCache, type PhantomFiles } from '../../demo/phantom/ensure.ts';
import { isLung, readLabels, readTruth } from '../../demo/phantom/truth.ts';

const dciodvfy = '/usr/bin/dciodvfy';
const scans = ['current', 'prior'] as const;

describe('the phantom studies', () => {
  let files: PhantomFiles;
  const images = (study: string) => globSync(join(files.studies, study, '*.dcm')).sort();
  const attributes = (path: string) => readPart10(readFileSync(path)).dataset;

  beforeAll(async () => {
    files = await ensurePhantom(phantomCache, () => undefined);
  }, 600_000);

  it.skipIf(!existsSync(dciodvfy))('pass dciodvfy without an error (package dicom3tools)', () => {
    const all = [...scans, 'radiograph'].flatMap(images);
    expect(all).toHaveLength(289);
    for (const path of all) {
      const { stderr, status } = spawnSync(dciodvfy, ['-new', path], { encoding: 'utf8' });
      expect([path, status, stderr.split('\n').filter((line) => line.startsWith('Error'))]).toEqual([path, 0, []]);
    }
  });

  it.each(scans)('%s: is a regular volume of one patient, 144 slices 2 mm apart', (scan) => {
    const datasets = images(scan).map(attributes);
    const heights = datasets.map((dataset) => numbersOf(dataset, 'ImagePositionPatient')![2]!);
    expect(heights).toHaveLength(144);
    for (const [index, height] of heights.slice(1).entries()) expect(heights[index]! - height).toBeCloseTo(2, 5);
    expect(new Set(datasets.map((dataset) => textOf(dataset, 'SeriesInstanceUID')))).toEqual(
      new Set([readTruth(files.truth, scan).seriesInstanceUID]),
    );
    expect(new Set(datasets.map((dataset) => textOf(dataset, 'PatientName')))).toEqual(new Set(['PHANTOM^CHEST']));
  });

  it.each(scans)('%s: holds each nodule where the truth says, of its size and density', (scan) => {
    const truth = readTruth(files.truth, scan);
    const labels = readLabels(files.truth, truth);
    const datasets = images(scan).map(attributes).reverse();
    const [ni, nj] = truth.labels.dims;
    expect(truth.nodules.map(({ diameter }) => diameter)).toEqual(
      scan === 'current' ? [20, 12, 8, 4.5] : [15, 9, 6, 4],
    );
    for (const nodule of truth.nodules) {
      const place = placeOf(datasets, nodule.centre);
      const [i, j, k] = place.index;
      expect(integerOf(datasets[k]!, 'InstanceNumber')).toBe(nodule.instanceNumber);
      expect(labels[i + ni * (j + nj * k)]).toBe(truth.labels.legend['nodule']);
      // Partial volume makes a small one fainter.
      const shown = nodule.diameter < 6 ? -250 : nodule.hu - 60;
      expect(meanAround(datasets[k]!, i, j)).toBeGreaterThan(shown);
      expect(meanAround(datasets[k]!, i, j)).toBeLessThan(nodule.hu + 60);
      if (nodule.name.includes('pleura')) continue;
      const volume = count(labels, (value) => value === truth.labels.legend['nodule'], place, truth) * place.voxel;
      expect(Math.cbrt((6 * volume) / Math.PI) / nodule.diameter).toBeGreaterThan(0.85);
      expect(Math.cbrt((6 * volume) / Math.PI) / nodule.diameter).toBeLessThan(1.15);
    }
  });

  it('current: the lungs of the truth have a grown person’s volume, air on average, and padding outside the circle', () => {
    const truth = readTruth(files.truth, 'current');
    const labels = readLabels(files.truth, truth);
    const datasets = images('current').map(attributes).reverse();
    const [ni, nj, nk] = truth.labels.dims;
    expect(labels).toHaveLength(ni * nj * nk);
    let voxels = 0;
    let sum = 0;
    for (const [k, dataset] of datasets.entries()) {
      const pixels = pixelsOf(dataset);
      expect(pixels[0]).toBe(0);
      for (let at = 0; at < pixels.length; at += 1) {
        if (!isLung(labels[at + ni * nj * k]!)) continue;
        voxels += 1;
        sum += pixels[at]! - 1024;
      }
    }
    const litres = (voxels * placeOf(datasets, [0, 0, 0]).voxel) / 1e6;
    expect(litres).toBeGreaterThan(3);
    expect(litres).toBeLessThan(7);
    expect(sum / voxels).toBeGreaterThan(-880);
    expect(sum / voxels).toBeLessThan(-780);
  });
});

interface Place {
  readonly index: readonly [number, number, number];
  /** Cubic millimetres of a voxel. */
  readonly voxel: number;
}

/** @param datasets from the feet to the head. */
function placeOf(datasets: readonly Attributes[], [x, y, z]: readonly [number, number, number]): Place {
  const [x0, y0, z0] = numbersOf(datasets[0]!, 'ImagePositionPatient') as [number, number, number];
  const spacing = numbersOf(datasets[0]!, 'PixelSpacing')![0]!;
  const index = [Math.round((x - x0) / spacing), Math.round((y - y0) / spacing), Math.round((z - z0) / 2)] as const;
  return { index, voxel: spacing * spacing * 2 };
}

function pixelsOf(dataset: Attributes): Uint16Array {
  // A copy: what was read from a file need not begin at an even address.
  return new Uint16Array(new Uint8Array(dataset['PixelData'] as Uint8Array).buffer);
}

function meanAround(dataset: Attributes, i: number, j: number): number {
  const pixels = pixelsOf(dataset);
  const near = [-1, 0, 1].flatMap((v) => [-1, 0, 1].map((u) => pixels[i + u + 512 * (j + v)]! - 1024));
  return near.reduce((sum, value) => sum + value) / near.length;
}

/** Voxels within 20 mm of a place that fit. */
function count(
  labels: Uint8Array,
  fits: (value: number) => boolean,
  { index }: Place,
  truth: { labels: { dims: readonly [number, number, number] } },
): number {
  const [ni, nj] = truth.labels.dims;
  let found = 0;
  for (let k = -10; k <= 10; k += 1) {
    for (let j = -28; j <= 28; j += 1) {
      for (let i = -28; i <= 28; i += 1) {
        if (fits(labels[index[0] + i + ni * (index[1] + j + nj * (index[2] + k))]!)) found += 1;
      }
    }
  }
  return found;
}
