import type { Analysis, Finding, ReviewState } from '@overread/core/analysis';
import { boxToWorld, type Vec3 } from '@overread/core/geometry';
import type { BoxOverlay, LabelMapOverlay } from '../host/types.ts';

export type LayerId = 'mask' | 'heatMap' | 'boxes';

/** Name under which the host knows one layer of one analysis. */
export function overlayId(analysisUID: string, layer: LayerId): string {
  return `overread:${analysisUID}:${layer}`;
}

/** The mask, or null where the analysis has none. */
export function labelMapOverlay(analysis: Analysis): LabelMapOverlay | null {
  if (analysis.labelMap === null) return null;
  const { grid, labels, segments } = analysis.labelMap;
  return {
    id: overlayId(analysis.uid, 'mask'),
    label: `${analysis.model.title} ${analysis.model.version}`,
    seriesInstanceUID: analysis.source.seriesInstanceUID,
    grid,
    labels,
    segments: segments.map(({ number, label, colour }) => ({ number, label, colour })),
  };
}

/** Light enough to be seen on lung and bone, and told apart by hue and by lightness. */
const colours: Readonly<Record<ReviewState, Vec3>> = {
  unreviewed: [255, 196, 64],
  accepted: [92, 214, 138],
  edited: [92, 214, 138],
  rejected: [140, 148, 160],
};

/**
 * Findings that are listed, and drawn as boxes where they have a place of their own. What measures a whole segment is seen by its
 * mask. Numbers count the findings in the order of the list.
 */
export function boxedFindings(analysis: Analysis): readonly { readonly number: number; readonly finding: Finding }[] {
  return analysis.findings.filter(isLesion).map((finding, index) => ({ number: index + 1, finding }));
}

/** What is listed one by one: lesions, and statements with a score; as against the measures of a labelled tissue or of the whole series. */
export function isLesion({ region, score, presence }: Finding): boolean {
  if (score !== null || presence !== null) return true;
  return region !== null && (region.segmentNumber === null || region.axes !== null);
}

/** Boxes with number and label; the selected one stands out. Null where there is nothing to draw. */
export function boxOverlay(analysis: Analysis, selected: string | null): BoxOverlay | null {
  const { grid, seriesInstanceUID } = analysis.source;
  const boxes = boxedFindings(analysis).flatMap(({ number, finding }) => {
    // A box round what is not there would say that it is.
    if (finding.region === null || finding.presence === 'absent') return [];
    return {
      key: finding.trackingUID,
      text: `${number} ${finding.label}`,
      ...boxToWorld(grid, finding.region.box),
      grid,
      colour: colours[finding.review.state],
      selected: finding.trackingUID === selected,
    };
  });
  return boxes.length === 0 ? null : { id: overlayId(analysis.uid, 'boxes'), seriesInstanceUID, boxes };
}
