import { createHash } from 'node:crypto';
import { python } from './validators.ts';

const program = `
import sys, json, glob, hashlib, numpy as np, pydicom

def corners(pos, ori, spacing, rows, cols):
    pos, ori = np.array(pos, float), np.array(ori, float)
    return [pos + ori[:3] * float(spacing[1]) * c + ori[3:] * float(spacing[0]) * r for r in (0, rows - 1) for c in (0, cols - 1)]

def rebuild(path, folder, direction):
    seg = pydicom.dcmread(path)
    images = [pydicom.dcmread(f, stop_before_pixels=True) for f in glob.glob(folder + '/*.dcm') if f != path]
    along = [np.dot(np.cross(d.ImageOrientationPatient[:3], d.ImageOrientationPatient[3:]), d.ImagePositionPatient) for d in images]
    images = [images[i] for i in np.argsort(along)][::-1 if direction == 'down' else 1]
    slices = [corners(d.ImagePositionPatient, d.ImageOrientationPatient, d.PixelSpacing, d.Rows, d.Columns) for d in images]
    pixels = seg.pixel_array if seg.NumberOfFrames > 1 else seg.pixel_array[None]
    shared = seg.SharedFunctionalGroupsSequence[0]
    numbers = [int(s.SegmentNumber) for s in seg.SegmentSequence]
    volumes = {n: np.zeros((len(images), seg.Rows, seg.Columns), np.uint8) for n in numbers}
    worst = 0
    for frame, groups in enumerate(seg.PerFrameFunctionalGroupsSequence):
        own = corners(groups.PlanePositionSequence[0].ImagePositionPatient, shared.PlaneOrientationSequence[0].ImageOrientationPatient,
                      shared.PixelMeasuresSequence[0].PixelSpacing, seg.Rows, seg.Columns)
        off = [max(np.linalg.norm(a - b) for a, b in zip(own, other)) for other in slices]
        k = int(np.argmin(off)); worst = max(worst, off[k])
        assert groups.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID == images[k].SOPInstanceUID
        if seg.SegmentationType == 'LABELMAP':
            assert set(np.unique(pixels[frame])) <= {seg.PixelPaddingValue, *numbers}
            for n in numbers: volumes[n][k] = pixels[frame] == n
        else:
            volumes[groups.SegmentIdentificationSequence[0].ReferencedSegmentNumber][k] = pixels[frame]
    digests = {str(n): hashlib.sha256(volumes[n].tobytes()).hexdigest() for n in numbers}
    return {'type': seg.SegmentationType, 'segments': digests, 'worst': worst}

print(json.dumps([rebuild(*job) for job in json.loads(sys.argv[1])]))
`;

export interface RebuildJob {
  /** Path of the SEG. */
  readonly segmentation: string;
  /** Folder of the images (`*.dcm`). */
  readonly images: string;
  /** Whether the grid's k runs along the normal of the images or against it. */
  readonly direction: 'up' | 'down';
}

export interface RebuiltSegments {
  /** Segmentation Type. */
  readonly type: string;
  /**
   * SHA-256 of each segment's volume by SegmentNumber: one byte per voxel, in order of the slices along the grid. 1 is
   * the segment; of a FRACTIONAL one the stored fraction.
   */
  readonly segments: Readonly<Record<string, string>>;
  /** How far the worst frame corner lies from its slice's, mm. */
  readonly worst: number;
}

/**
 * Segments rebuilt by pydicom from the SEG and the images in a folder alone: every frame is placed by its own position
 * and orientation (never by its order), then looked up among the images.
 */
export function rebuildSegments(jobs: readonly RebuildJob[]): readonly RebuiltSegments[] {
  const paths = jobs.map(({ segmentation, images, direction }) => [segmentation, images, direction]);
  return python(program, [JSON.stringify(paths)]) as readonly RebuiltSegments[];
}

export function sha256Of(values: Uint8Array): string {
  return createHash('sha256').update(values).digest('hex');
}

/** Digest of the voxels that have a label. */
export function maskDigest(labels: Uint8Array, label: number): string {
  return sha256Of(labels.map((one) => (one === label ? 1 : 0)));
}
