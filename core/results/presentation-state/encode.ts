import type { Analysis } from '../../analysis/index.ts';
import { shortText, sopClasses, type Attributes, type Dataset } from '../../dicom/index.ts';
import { codingSchemes, commonModules, finishObject, newPlace } from '../common/instance.ts';
import { shownFindings, touchedSlices } from '../common/shown-findings.ts';
import type { DicomObject, PresentedImages } from '../object.ts';
import { displayedArea } from './displayed-area.ts';
import { graphicAnnotations, graphicLayers } from './graphic-annotations.ts';
import { grayscaleOf } from './grayscale.ts';
import { presentedReferences, referencesTo } from './presented-images.ts';

/**
 * Boxes, labels and the model's name over the source images (Grayscale Softcopy Presentation State, PS3.3 A.33.1).
 * It applies to the slices that a finding touches; without any, to all, and says so. Rejected findings are left out.
 * @throws OverreadError `results.not-presentable` where the images cannot share one presentation state.
 */
export function encodePresentationState(
  analysis: Analysis,
  { images }: PresentedImages,
  source: Attributes,
  now: Date,
): DicomObject {
  const place = newPlace(analysis, sopClasses.grayscalePresentationState, 54, 'Boxes');
  const shown = shownFindings(analysis);
  const touched = touchedSlices(shown, analysis.source.slices.length);
  const slices = touched.length > 0 ? touched : analysis.source.slices.map((_, k) => k);
  const common = commonModules(analysis, source, place, now);
  const references = slices.flatMap((k) => analysis.source.slices[k] ?? []);
  const dataset: Dataset = {
    ...common,
    ...codingSchemes,
    Modality: 'PR',
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
    ...grayscaleOf(presentedReferences(references, images)),
  };
  return finishObject('PR', dataset, source, place);
}
