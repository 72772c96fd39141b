import type { Analysis } from '../../analysis/index.ts';
import { sopClasses, type Attributes } from '../../dicom/index.ts';
import { finishObject, newPlace } from '../common/instance.ts';
import type { DicomObject, ObjectReference, StoredSegmentation, Verification } from '../object.ts';
import { partContent, rootContent } from './content.ts';
import { reportDocument } from './document.ts';
import { planDocuments, type GroupKind, type GroupsOfKind } from './group-kind.ts';
import { otherSeriesReferences } from './other-series.ts';

export interface SrContext {
  readonly source: Attributes;
  /** The SEG of the label maps, or null where none is stored. */
  readonly segmentation: StoredSegmentation | null;
  /** The Parametric Map of each heat map, in their order; null where one is not stored. */
  readonly parametricMaps: readonly (ObjectReference | null)[];
  readonly verification: Verification | null;
  readonly predecessors: readonly ObjectReference[];
  readonly now: Date;
}

export interface EncodedReport {
  readonly root: DicomObject;
  /** Documents of groups of other kinds than the root's. The root refers to them: they are stored before it. */
  readonly parts: readonly DicomObject[];
}

const partNames: Readonly<Record<GroupKind, string>> = {
  '1501': 'Findings',
  '1410': 'Regions',
  '1411': 'Volumes',
};

const partName = ({ kind, placed }: GroupsOfKind) => (placed ? partNames[kind] : 'Unplaced');

/**
 * The analysis as a Comprehensive 3D SR of TID 1500 (PS3.3 A.35.13, PS3.16 TID 1500), and another one for each further
 * kind of measurement group, which that first one, the root, refers to.
 */
export function encodeReport(analysis: Analysis, context: SrContext): EncodedReport {
  const { segmentation, parametricMaps } = context;
  const link = analysis.labelMaps.length === 0 ? null : segmentation;
  const plan = planDocuments(analysis.findings, link);
  const parts = plan.parts.map((groups, index) => {
    const place = newPlace(analysis, sopClasses.comprehensive3DSr, 57 + index, partName(groups));
    const content = partContent(analysis, link, groups);
    const references = groups.kind === '1411' && segmentation !== null ? [segmentation] : [];
    return finishObject('SR-PART', reportDocument(analysis, context, { place, content, references }), place);
  });
  const partReferences = parts.map((part) => ({ ...part, studyInstanceUID: analysis.source.studyInstanceUID }));
  const place = newPlace(analysis, sopClasses.comprehensive3DSr, 52, 'Findings');
  const content = rootContent(analysis, link, { plan, parts, parametricMaps });
  // A SEG that no finding names belongs to the result all the same.
  const results = [link, ...parametricMaps, ...partReferences];
  const references = [...otherSeriesReferences(analysis), ...results.filter((one) => one !== null)];
  const { predecessors } = context;
  const dataset = reportDocument(analysis, context, { place, content, references, predecessors });
  return { root: finishObject('SR', dataset, place), parts };
}
