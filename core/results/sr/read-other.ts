import type { Notice } from '../../errors/index.ts';
import { dcmCodes, qualitativeEvaluations, textOf, type Attributes, type Code } from '../../dicom/index.ts';
import type { SeriesGeometry } from '../../volume/index.ts';
import { sameCode } from '../common/code-sequence.ts';
import { sliceIndex } from '../common/slice-index.ts';
import type { ObjectReference } from '../object.ts';
import type { OtherReport } from '../other.ts';
import { below, contentTree, type ContentNode } from './content-tree.ts';
import { otherFinding } from './other-finding.ts';
import { remarkOf } from './remark.ts';

/** A report of another maker that holds something that can be read. */
export interface OpenOtherReport {
  readonly tree: ContentNode;
  /** Measurement groups, wherever they stand. */
  readonly groups: readonly ContentNode[];
  readonly evaluations: readonly ContentNode[];
}

/** Null where there is neither a measurement group nor a qualitative evaluation. */
export function openOtherReport(dataset: Attributes): OpenOtherReport | null {
  const tree = contentTree(dataset);
  const nodes = [...below(tree)].filter((node) => node.type === 'CONTAINER');
  const groups = nodes.filter((node) => sameCode(node.name, dcmCodes.measurementGroup));
  const evaluations = nodes.filter((node) => sameCode(node.name, qualitativeEvaluations));
  return groups.length === 0 && evaluations.length === 0 ? null : { tree, groups, evaluations };
}

/** The groups of TID 1500's kind and the qualitative evaluations. What is there but not understood becomes a problem. */
export function readOtherReport(
  { tree, groups, evaluations }: OpenOtherReport,
  document: ObjectReference,
  series: SeriesGeometry,
  problems: Notice[],
): OtherReport {
  const context = { series, slices: sliceIndex(series), document: document.sopInstanceUID, problems };
  return {
    document,
    title: tree.name ?? dcmCodes.imagingMeasurementReport,
    observers: observersOf(tree),
    findings: groups.map((group) => otherFinding(group, context)),
    remarks: evaluations.flatMap((node) => node.children.map(remarkOf).filter((remark) => remark !== null)),
  };
}

function observersOf(tree: ContentNode): readonly string[] {
  const names: readonly Code[] = [dcmCodes.personObserverName, dcmCodes.deviceObserverName];
  const found = tree.children
    .filter((node) => names.some((name) => sameCode(node.name, name)))
    .map(({ attributes }) => textOf(attributes, 'PersonName') ?? textOf(attributes, 'TextValue'))
    .filter((name) => name !== null);
  return [...new Set(found)];
}
