import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LabelMap } from '@overread/core/analysis';
import type { SegmentationKind } from '@overread/core/results';
import { cross, dot, type Vec3 } from '@overread/core/geometry';
import { analysisOf, boxLabelMap } from '../support/analyses.ts';
import { ctSeries, type CtSeries } from '../support/ct-series.ts';
import { maskDigest, rebuildSegments, sha256Of } from '../support/rebuild-segments.ts';
import { skipNote, tools } from '../support/validators.ts';
import { encodeAnalysis } from '../support/checked-results.ts';

const turn = (angle: number): readonly [Vec3, Vec3, Vec3] => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [
    [c, 0, -s],
    [0, 1, 0],
    [s, 0, c],
  ];
};
const axis = {
  l: [1, 0, 0],
  r: [-1, 0, 0],
  p: [0, 1, 0],
  a: [0, -1, 0],
  h: [0, 0, 1],
  f: [0, 0, -1],
} as const satisfies Record<string, Vec3>;

const orientations: readonly { name: string; directions: readonly [Vec3, Vec3, Vec3] }[] = [
  { name: 'axial, head first supine', directions: [axis.l, axis.p, axis.h] },
  { name: 'axial, sorted downwards', directions: [axis.l, axis.p, axis.f] },
  { name: 'axial, prone', directions: [axis.r, axis.a, axis.h] },
  { name: 'axial, feet first supine', directions: [axis.r, axis.p, axis.f] },
  { name: 'axial, feet first prone', directions: [axis.l, axis.a, axis.f] },
  { name: 'axial, decubitus right', directions: [axis.a, axis.l, axis.h] },
  { name: 'axial, decubitus left', directions: [axis.p, axis.r, axis.h] },
  { name: 'coronal', directions: [axis.l, axis.f, axis.p] },
  { name: 'coronal, back to front', directions: [axis.l, axis.f, axis.a] },
  { name: 'sagittal', directions: [axis.p, axis.f, axis.l] },
  { name: 'oblique', directions: turn(0.37) },
  { name: 'oblique, other way', directions: turn(-1.1) },
];

const sizes: readonly Vec3[] = [
  [13, 7, 5],
  [16, 8, 4],
  [3, 3, 1],
  [9, 11, 3],
];

const kinds: readonly SegmentationKind[] = ['binary', 'labelmap', 'fractional'];

/** Labels that are none of 1, 2, 3…: a label map keeps them, the others count their segments. */
function oddlyNumbered(labelMap: LabelMap): LabelMap {
  const values = [0, 7, 200];
  return {
    ...labelMap,
    labels: labelMap.labels.map((label) => values[label] ?? 0),
    segments: labelMap.segments.map((segment, index) => ({ ...segment, number: values[index + 1] ?? 0 })),
  };
}

/** Probabilities of every size, some of them 0 where the label is. */
function probabilitiesOf({ labels, segments }: LabelMap): ReadonlyMap<number, Float32Array> {
  return new Map(
    segments.map(({ number }, at) => [
      number,
      Float32Array.from(labels, (_, voxel) => ((voxel * 37 + at * 11) % 101) / 100),
    ]),
  );
}

interface Written {
  readonly bytes: Uint8Array;
  /** Digest of each segment's volume by SegmentNumber. */
  readonly segments: Readonly<Record<string, string>>;
}

function write(series: CtSeries, kind: SegmentationKind): Written {
  const labelMap = oddlyNumbered(boxLabelMap(series.geometry));
  const probabilities = kind === 'fractional' ? probabilitiesOf(labelMap) : null;
  const [segmentation] = encodeAnalysis(analysisOf(series.geometry, { labelMaps: [labelMap] }), {
    source: series.datasets[0] ?? {},
    segmentation: kind,
    ...(probabilities === null ? {} : { probabilities }),
    predecessors: [],
  });
  const digests = labelMap.segments.map(({ number }, index) => {
    const values = probabilities?.get(number)?.map((value) => Math.round(value * 255));
    const digest = values === undefined ? maskDigest(labelMap.labels, number) : sha256Of(Uint8Array.from(values));
    return [kind === 'labelmap' ? number : index + 1, digest] as const;
  });
  return { bytes: segmentation?.bytes ?? new Uint8Array(), segments: Object.fromEntries(digests) };
}

describe.skipIf(tools.python === null)(`pydicom rebuilds the segments voxel for voxel${skipNote('python')}`, () => {
  it.each(orientations)('$name', ({ directions }) => {
    const [i, j, k] = directions;
    const direction = dot(cross(i, j), k) > 0 ? 'up' : 'down';
    const folder = mkdtempSync(join(tmpdir(), 'overread-seg-'));
    try {
      const cases = sizes.flatMap((dims) => {
        const series = ctSeries({ dims, directions });
        const images = join(folder, dims.join('x'));
        mkdirSync(images);
        series.files().forEach((bytes, index) => writeFileSync(join(images, `ct${index}.dcm`), bytes));
        return kinds.map((kind) => {
          const written = write(series, kind);
          const segmentation = join(folder, `${dims.join('x')}-${kind}.dcm`);
          writeFileSync(segmentation, written.bytes);
          return { job: { segmentation, images, direction } as const, written, type: kind.toUpperCase() };
        });
      });
      const rebuilt = rebuildSegments(cases.map(({ job }) => job));
      expect(rebuilt.map(({ type, segments }) => ({ type, segments }))).toEqual(
        cases.map(({ type, written }) => ({ type, segments: written.segments })),
      );
      expect(Math.max(...rebuilt.map(({ worst }) => worst))).toBeLessThan(1e-6);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
