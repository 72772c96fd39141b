import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeAnalysis } from '@overread/core/results';
import type { Vec3 } from '@overread/core/geometry';
import { analysisOf, boxLabelMap } from '../support/analyses.ts';
import { ctSeries } from '../support/ct-series.ts';
import { python, skipNote, tools } from '../support/validators.ts';

/**
 * Rebuilds the label map from the SEG and the CT files alone: every frame is placed by its own position and
 * orientation (never by order), then looked up among the slices of the CT. Prints the labels and how far off, in
 * millimetres, the worst frame corner lies from its slice's.
 */
const rebuild = `
import sys, json, glob, numpy as np, pydicom
seg = pydicom.dcmread(sys.argv[1]); cts = [pydicom.dcmread(f, stop_before_pixels=True) for f in glob.glob(sys.argv[2] + '/ct*.dcm')]
cts.sort(key=lambda d: d.InstanceNumber)
def corners(pos, ori, spacing, rows, cols):
    pos, ori = np.array(pos, float), np.array(ori, float)
    return [pos + ori[:3] * float(spacing[1]) * c + ori[3:] * float(spacing[0]) * r for r in (0, rows - 1) for c in (0, cols - 1)]
slices = [corners(d.ImagePositionPatient, d.ImageOrientationPatient, d.PixelSpacing, d.Rows, d.Columns) for d in cts]
pixels = np.atleast_3d(seg.pixel_array) if seg.NumberOfFrames > 1 else seg.pixel_array[None]
shared = seg.SharedFunctionalGroupsSequence[0]
labels = np.zeros((len(cts), seg.Rows, seg.Columns), int); worst = 0
for frame, groups in enumerate(seg.PerFrameFunctionalGroupsSequence):
    own = corners(groups.PlanePositionSequence[0].ImagePositionPatient, shared.PlaneOrientationSequence[0].ImageOrientationPatient,
                  shared.PixelMeasuresSequence[0].PixelSpacing, seg.Rows, seg.Columns)
    off = [max(np.linalg.norm(a - b) for a, b in zip(own, other)) for other in slices]
    k = int(np.argmin(off)); worst = max(worst, off[k])
    assert groups.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID == cts[k].SOPInstanceUID
    labels[k][pixels[frame] > 0] = groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber
print(json.dumps({'labels': labels.ravel().tolist(), 'worst': worst}))
`;

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

describe.skipIf(tools.python === null)(`pydicom rebuilds the mask voxel for voxel${skipNote('python')}`, () => {
  it.each(orientations)('$name', ({ directions }) => {
    for (const dims of sizes) {
      const series = ctSeries({ dims, directions });
      const labelMap = boxLabelMap(series.geometry);
      const [segmentation] = encodeAnalysis(analysisOf(series.geometry, { labelMap }), {
        source: series.datasets[0] ?? {},
        segmentation: true,
        predecessors: [],
      });
      const folder = mkdtempSync(join(tmpdir(), 'overread-seg-'));
      try {
        series.files().forEach((bytes, k) => writeFileSync(join(folder, `ct${k}.dcm`), bytes));
        const path = join(folder, 'seg.dcm');
        writeFileSync(path, segmentation?.bytes ?? new Uint8Array());
        const { labels, worst } = python(rebuild, [path, folder]) as { labels: number[]; worst: number };
        expect(labels).toEqual([...labelMap.labels]);
        expect(worst).toBeLessThan(1e-6);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  });
});
