import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeAnalysis } from '@overread/core/results';
import { cross, dot, type Vec3 } from '@overread/core/geometry';
import { analysisOf, boxLabelMap } from '../support/analyses.ts';
import { ctSeries } from '../support/ct-series.ts';
import { rebuildLabels, sha256Of } from '../support/rebuild-labels.ts';
import { skipNote, tools } from '../support/validators.ts';

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
    const [i, j, k] = directions;
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
        series.files().forEach((bytes, index) => writeFileSync(join(folder, `ct${index}.dcm`), bytes));
        const path = join(folder, 'seg.dcm');
        writeFileSync(path, segmentation?.bytes ?? new Uint8Array());
        const rebuilt = rebuildLabels(path, folder, dot(cross(i, j), k) > 0 ? 'up' : 'down');
        expect(rebuilt.sha256).toBe(sha256Of(labelMap.labels));
        expect(rebuilt.worst).toBeLessThan(1e-6);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  });
});
