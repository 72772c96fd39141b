import type { AnalysisSource } from '../../analysis/index.ts';
import type { Dataset } from '../../dicom/index.ts';
import { gridSpacing } from '../../geometry/index.ts';

/** Displayed Area (PS3.3 C.10.4): the whole image, fitted to the screen, with the shape its pixels have. */
export function displayedArea({ grid, frameOfReferenceUID }: AnalysisSource): Dataset {
  const [columns, rows] = grid.dims;
  const [di, dj] = gridSpacing(grid);
  // Without a frame of reference the grid may be made up of what the detector says: a ratio claims less than a size.
  const shape: Dataset =
    frameOfReferenceUID === null
      ? { PresentationPixelAspectRatio: aspectRatio(dj, di) }
      : { PresentationPixelSpacing: [dj, di] };
  return {
    DisplayedAreaSelectionSequence: [
      {
        DisplayedAreaTopLeftHandCorner: [1, 1],
        DisplayedAreaBottomRightHandCorner: [columns, rows],
        PresentationSizeMode: 'SCALE TO FIT',
        ...shape,
      },
    ],
  };
}

/** Vertical to horizontal size of a pixel as two whole numbers. */
function aspectRatio(vertical: number, horizontal: number): readonly [number, number] {
  if (Math.abs(vertical - horizontal) <= 1e-6 * horizontal) return [1, 1];
  const unit = 10_000 / Math.min(vertical, horizontal);
  return [Math.round(vertical * unit), Math.round(horizontal * unit)];
}
