import type { Analysis } from '../../analysis/index.ts';
import { newUID, shortText, sopClasses, type Attributes, type Dataset } from '../../dicom/index.ts';
import { codingSchemes, commonModules, finishObject, newPlace } from '../common/instance.ts';
import { shownFindings } from '../common/shown-findings.ts';
import type { DicomObject, PresentedImages } from '../object.ts';
import { displayedArea } from './displayed-area.ts';
import { graphicAnnotations, graphicLayers } from './graphic-annotations.ts';
import { referencesTo } from './presented-images.ts';
import { stateGroups } from './states.ts';

/** A presentation state as written. */
export interface EncodedState {
  readonly object: DicomObject;
  /** Slices that it applies to, by k. */
  readonly slices: readonly number[];
}

/**
 * Boxes, labels and the model's name over the source images (Grayscale or Color Softcopy Presentation State, PS3.3
 * A.33.1, A.33.2), in one series; mostly one instance. Rejected findings are left out.
 * @throws OverreadError `results.not-presentable` where a state would show the images otherwise than they show themselves.
 */
export function encodePresentationStates(
  analysis: Analysis,
  { images }: PresentedImages,
  source: Attributes,
  now: Date,
): readonly EncodedState[] {
  const shown = shownFindings(analysis);
  const seriesPlace = newPlace(analysis, sopClasses.grayscalePresentationState, 54, 'Boxes');
  return stateGroups(analysis.source, shown, images).map(({ sopClassUID, slices, transform }, index) => {
    const reference = { ...seriesPlace.reference, sopClassUID, sopInstanceUID: newUID() };
    const place = { ...seriesPlace, reference };
    const common = commonModules(analysis, source, place, now);
    const references = slices.flatMap((k) => analysis.source.slices[k] ?? []);
    const dataset: Dataset = {
      ...common,
      ...codingSchemes,
      Modality: 'PR',
      InstanceNumber: index + 1,
      ContentLabel: 'AI_FINDINGS',
      ContentDescription: shortText(`${analysis.model.title} ${analysis.model.version}`),
      ContentCreatorName: null,
      PresentationCreationDate: common.InstanceCreationDate ?? null,
      PresentationCreationTime: common.InstanceCreationTime ?? null,
      ReferencedSeriesSequence: [
        { SeriesInstanceUID: analysis.source.seriesInstanceUID, ReferencedImageSequence: referencesTo(references) },
      ],
      ...displayedArea(analysis.source),
      ...graphicLayers,
      GraphicAnnotationSequence: graphicAnnotations(analysis, shown, slices),
      ...transform,
    };
    return { object: finishObject('PR', dataset, place), slices };
  });
}
