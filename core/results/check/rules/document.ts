import { itemOf, textOf, textsOf } from '../../../dicom/index.ts';
import { codeIn } from '../../common/code-sequence.ts';
import { isDocument, isReport } from '../kinds.ts';
import { itemsAt, itemsBelow, pathTo } from '../path.ts';
import type { Rule } from '../rule.ts';
import { hasValue, missing, notOneOf, whole } from './require.ts';

const evidenceComplete: Rule = {
  id: 'document.evidence',
  severity: 'error',
  section: 'PS3.3 C.17.2.3',
  about: isDocument,
  *check({ dataset, items }) {
    const listed = new Set(
      (['CurrentRequestedProcedureEvidenceSequence', 'PertinentOtherEvidenceSequence'] as const).flatMap((keyword) =>
        itemsBelow(dataset, keyword, 'ReferencedSeriesSequence', 'ReferencedSOPSequence').map(({ attributes }) =>
          textOf(attributes, 'ReferencedSOPInstanceUID'),
        ),
      ),
    );
    for (const item of items) {
      const images = itemsAt(item, 'ReferencedSOPSequence');
      // An image may name the presentation state to show it in.
      for (const reference of [...images, ...images.flatMap((image) => itemsAt(image, 'ReferencedSOPSequence'))]) {
        const uid = textOf(reference.attributes, 'ReferencedSOPInstanceUID');
        if (!listed.has(uid))
          yield { path: reference.path, message: `${uid ?? 'an instance'} is not listed as evidence` };
      }
    }
  },
};

const itemsNamed: Rule = {
  id: 'document.item-named',
  severity: 'error',
  section: 'PS3.3 C.17.3',
  about: isDocument,
  *check({ items }) {
    const needsName = new Set(['TEXT', 'NUM', 'CODE', 'DATETIME', 'DATE', 'TIME', 'UIDREF', 'PNAME']);
    for (const item of items) {
      const root = item.parent === null;
      if (item.type === null)
        yield { path: pathTo(item.path, 'ValueType'), message: 'the content item has no value type' };
      if (!root && item.relationship === null) {
        yield { path: pathTo(item.path, 'RelationshipType'), message: 'the content item has no relationship' };
      }
      if (item.name === null && (root || needsName.has(item.type ?? ''))) {
        yield {
          path: pathTo(item.path, 'ConceptNameCodeSequence'),
          message: `the ${item.type ?? 'item'} has no concept name`,
        };
      }
    }
  },
};

const valuesPresent: Rule = {
  id: 'document.item-value',
  severity: 'error',
  section: 'PS3.3 C.17.3, C.18.1',
  about: isDocument,
  *check({ items }) {
    const valueIn = { TEXT: 'TextValue', UIDREF: 'UID', PNAME: 'PersonName', DATETIME: 'DateTime' } as const;
    for (const item of items) {
      const { type, attributes, path } = item;
      if (type === 'CODE' && codeIn(attributes, 'ConceptCodeSequence') === null) {
        yield { path: pathTo(path, 'ConceptCodeSequence'), message: 'the CODE has no value' };
      }
      if (type === 'TEXT' || type === 'UIDREF' || type === 'PNAME' || type === 'DATETIME')
        yield* missing(item, [valueIn[type]]);
      if (type === 'IMAGE' || type === 'COMPOSITE') {
        if (!hasValue(attributes, 'ReferencedSOPSequence')) yield* missing(item, ['ReferencedSOPSequence']);
        for (const reference of itemsAt(item, 'ReferencedSOPSequence')) {
          yield* missing(reference, ['ReferencedSOPClassUID', 'ReferencedSOPInstanceUID']);
        }
      }
      if (type === 'NUM') {
        const measured = itemOf(attributes, 'MeasuredValueSequence');
        if (measured === null && !hasValue(attributes, 'NumericValueQualifierCodeSequence')) {
          yield {
            path: pathTo(path, 'MeasuredValueSequence'),
            message: 'the NUM has neither a value nor a reason why not',
          };
        }
        if (measured !== null) {
          const at = { attributes: measured, path: pathTo(path, 'MeasuredValueSequence', 1) };
          yield* missing(at, ['NumericValue', 'MeasurementUnitsCodeSequence']);
        }
      }
    }
  },
};

/** Numbers of GraphicData by type, in points: [least, most]. */
const pointCounts: Readonly<Record<string, readonly [number, number]>> = {
  POINT: [1, 1],
  MULTIPOINT: [1, Infinity],
  POLYLINE: [2, Infinity],
  POLYGON: [4, Infinity],
  CIRCLE: [2, 2],
  ELLIPSE: [4, 4],
  ELLIPSOID: [6, 6],
};

const graphicPoints: Rule = {
  id: 'document.graphic-points',
  severity: 'error',
  section: 'PS3.3 C.18.6, C.18.9',
  about: isReport,
  *check({ items }) {
    for (const { type, attributes, path, children } of items) {
      if (type !== 'SCOORD' && type !== 'SCOORD3D') continue;
      const kind = textOf(attributes, 'GraphicType') ?? '';
      const points = textsOf(attributes, 'GraphicData').length / (type === 'SCOORD' ? 2 : 3);
      const range = pointCounts[kind];
      const at = pathTo(path, 'GraphicData');
      if (range === undefined) yield { path: pathTo(path, 'GraphicType'), message: `"${kind}" is no graphic type` };
      else if (!Number.isInteger(points) || points < range[0] || points > range[1]) {
        yield { path: at, message: `a ${kind} of ${Number(points.toFixed(2))} points` };
      }
      if (type === 'SCOORD' && !children.some((child) => child.relationship === 'SELECTED FROM')) {
        yield { path, message: 'the coordinates are not SELECTED FROM an image' };
      }
      if (type === 'SCOORD3D') yield* missing({ attributes, path }, ['ReferencedFrameOfReferenceUID']);
    }
  },
};

const flags: Rule = {
  id: 'document.verification',
  severity: 'error',
  section: 'PS3.3 C.17.2',
  about: isReport,
  *check({ dataset }) {
    const at = whole(dataset);
    yield* missing(at, ['CompletionFlag', 'VerificationFlag', 'ContentDate', 'ContentTime', 'InstanceNumber']);
    yield* notOneOf(at, 'CompletionFlag', ['PARTIAL', 'COMPLETE']);
    yield* notOneOf(at, 'VerificationFlag', ['UNVERIFIED', 'VERIFIED']);
    const acts = itemsBelow(dataset, 'VerifyingObserverSequence');
    if (textOf(dataset, 'VerificationFlag') !== 'VERIFIED') {
      if (acts.length > 0)
        yield {
          path: pathTo('', 'VerifyingObserverSequence'),
          message: 'an unverified document names who verified it',
        };
      return;
    }
    if (textOf(dataset, 'CompletionFlag') !== 'COMPLETE') {
      yield { path: pathTo('', 'CompletionFlag'), message: 'a verified document is not complete' };
    }
    if (acts.length === 0) yield* missing(at, ['VerifyingObserverSequence']);
    for (const act of acts)
      yield* missing(act, ['VerifyingObserverName', 'VerifyingOrganization', 'VerificationDateTime']);
  },
};

export const documentRules: readonly Rule[] = [evidenceComplete, itemsNamed, valuesPresent, graphicPoints, flags];
