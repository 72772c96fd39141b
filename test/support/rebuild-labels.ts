import { createHash } from 'node:crypto';
import { python } from './validators.ts';

const program = `
import sys, json, glob, hashlib, numpy as np, pydicom
seg = pydicom.dcmread(sys.argv[1])
cts = [pydicom.dcmread(f, stop_before_pixels=True) for f in glob.glob(sys.argv[2] + '/*.dcm') if f != sys.argv[1]]
def corners(pos, ori, spacing, rows, cols):
    pos, ori = np.array(pos, float), np.array(ori, float)
    return [pos + ori[:3] * float(spacing[1]) * c + ori[3:] * float(spacing[0]) * r for r in (0, rows - 1) for c in (0, cols - 1)]
order = [np.dot(np.cross(d.ImageOrientationPatient[:3], d.ImageOrientationPatient[3:]), d.ImagePositionPatient) for d in cts]
down = len(sys.argv) > 3 and sys.argv[3] == 'down'
cts = [cts[i] for i in np.argsort(order)][::-1 if down else 1]
slices = [corners(d.ImagePositionPatient, d.ImageOrientationPatient, d.PixelSpacing, d.Rows, d.Columns) for d in cts]
pixels = seg.pixel_array if seg.NumberOfFrames > 1 else seg.pixel_array[None]
shared = seg.SharedFunctionalGroupsSequence[0]
labels = np.zeros((len(cts), seg.Rows, seg.Columns), np.uint8); worst = 0
for frame, groups in enumerate(seg.PerFrameFunctionalGroupsSequence):
    own = corners(groups.PlanePositionSequence[0].ImagePositionPatient, shared.PlaneOrientationSequence[0].ImageOrientationPatient,
                  shared.PixelMeasuresSequence[0].PixelSpacing, seg.Rows, seg.Columns)
    off = [max(np.linalg.norm(a - b) for a, b in zip(own, other)) for other in slices]
    k = int(np.argmin(off)); worst = max(worst, off[k])
    assert groups.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID == cts[k].SOPInstanceUID
    labels[k][pixels[frame] > 0] = groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber
print(json.dumps({'sha256': hashlib.sha256(labels.tobytes()).hexdigest(), 'worst': worst}))
`;

export interface RebuiltLabels {
  /** Of the labels, one byte each, in order of the slices along the grid. */
  readonly sha256: string;
  /** How far the worst frame corner lies from its slice's, mm. */
  readonly worst: number;
}

/**
 * Label map rebuilt by pydicom from the SEG and the images in a folder alone: every frame is placed by its own position
 * and orientation (never by its order), then looked up among the images.
 * @param direction Whether the grid's k runs along the normal of the images or against it.
 */
export function rebuildLabels(segmentation: string, images: string, direction: 'up' | 'down' = 'up'): RebuiltLabels {
  return python(program, [segmentation, images, direction]) as RebuiltLabels;
}

export function sha256Of(labels: Uint8Array): string {
  return createHash('sha256').update(labels).digest('hex');
}
