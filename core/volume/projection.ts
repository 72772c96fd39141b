import { textOf } from '../dicom/index.ts';
import type { Notice } from '../errors/index.ts';
import { affineFromPlane, type Grid } from '../geometry/index.ts';
import { positivePair, type ImageFrame } from './image-frame.ts';
import { frameName } from './uniformity.ts';
import type { Problem } from './problem.ts';

/** Modalities (0008,0060) whose images are shadows on a plane: PS3.3 gives them no place in the patient. */
const projectionModalities = new Set(['CR', 'DX', 'MG', 'RG', 'RF', 'XA', 'PX', 'IO']);
/** Modalities whose images are pictures: from outside, through a lens, or by a probe held by hand. */
const pictureModalities = new Set(['US', 'IVUS', 'XC', 'OP', 'ES', 'GM', 'DMS', 'OPT', 'OCT']);

/** True for an image that has, and by its modality needs, no place in the patient. */
export function isProjection(frame: ImageFrame): boolean {
  const modality = textOf(frame.instance, 'Modality') ?? '';
  return frame.position === null && (projectionModalities.has(modality) || isPicture(frame));
}

function isPicture({ instance }: ImageFrame): boolean {
  return pictureModalities.has(textOf(instance, 'Modality') ?? '');
}

/**
 * The grid of one projection image: mm in the plane of the image, x along its rows, y down its columns, the first pixel
 * at the origin. It measures, but places nothing in the patient; the warning `volume.projection` says so.
 */
export function projectionGrid(frame: ImageFrame): { readonly grid: Grid; readonly warning: Notice } | Problem {
  const calibrated = frame.pixelSpacing;
  const known = calibrated ?? positivePair(frame.instance, 'ImagerPixelSpacing');
  const spacing = known ?? (isPicture(frame) ? ([1, 1] as const) : null);
  if (!spacing) {
    return {
      code: 'volume.no-pixel-spacing',
      why: `${frameName(frame)} has no usable PixelSpacing or ImagerPixelSpacing`,
      details: { rows: frame.rows, columns: frame.columns },
    };
  }
  const plane = {
    position: [0, 0, 0],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    pixelSpacing: spacing,
  } as const;
  const sizes = calibrated
    ? 'as PixelSpacing gives them'
    : known
      ? 'those at the detector, so magnified'
      : 'unknown, and counted as if a pixel were 1 mm';
  return {
    grid: { dims: [frame.columns, frame.rows, 1], indexToWorld: affineFromPlane(plane, 1) },
    warning: {
      code: 'volume.projection',
      message: `A ${isPicture(frame) ? 'picture' : 'projection image'} has no place in patient space; its sizes are ${sizes}.`,
    },
  };
}
