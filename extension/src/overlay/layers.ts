import type { Analysis, Finding, ReviewState } from '@overread/core/analysis';
import { boxToWorld, type Vec3 } from '@overread/core/geometry';
import type { BoxOverlay, LabelMapOverlay } from '../host/types.ts';

export type LayerId = 'mask' | 'heatMap' | 'boxes';

/** Names under which the host knows what is drawn of one layer of one analysis: a mask takes as many as there are label maps. */
export function overlayIds({ uid, labelMaps }: Analysis, layer: LayerId): readonly string[] {
  const id = `overread:${uid}:${layer}`;
  return layer === 'mask' ? labelMaps.map((_, n) => `${id}:${n}`) : [id];
}

/** The label maps of the mask, in the order in which they are drawn. */
export function labelMapOverlays(analysis: Analysis): readonly LabelMapOverlay[] {
  const ids = overlayIds(analysis, 'mask');
  return analysis.labelMaps.map(({ grid, labels, segments }, n) => ({
    id: ids[n]!,
    label: `${analysis.model.title} ${analysis.model.version}`,
    seriesInstanceUID: analysis.source.seriesInstanceUID,
    grid,
    labels,
    segments: segments.map(({ number, label, colour }) => ({ number, label, colour })),
  }));
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
  const [id] = overlayIds(analysis, 'boxes');
  return boxes.length === 0 || id === undefined ? null : { id, seriesInstanceUID, boxes };
}
