import { dcmCodes, textOf, textsOf, type Attributes } from '../../../dicom/index.ts';
import { codeIn, sameCode } from '../../common/code-sequence.ts';
import { named, valueOf, type ContentItemAt } from '../content.ts';
import { isReport, isSegmentation } from '../kinds.ts';
import { itemsBelow, pathTo, type ItemAt } from '../path.ts';
import type { Fault, Rule, Subject } from '../rule.ts';
import { missing } from './require.ts';

const air = 'IHE AIR 6.5.3.1';

/** Contributing equipment that computed something. */
function processingEquipment(dataset: Attributes): readonly ItemAt[] {
  return itemsBelow(dataset, 'ContributingEquipmentSequence').filter(({ attributes }) =>
    sameCode(codeIn(attributes, 'PurposeOfReferenceCodeSequence'), dcmCodes.processingEquipment),
  );
}

/** Algorithms that the object names: title, version and UID, each where it says them. */
interface Algorithm {
  readonly path: string;
  readonly name: string | null;
  readonly version: string | null;
  readonly deviceUID: string | null;
  readonly manufacturer: string | null;
}

function* algorithmsIn(subject: Subject): Generator<Algorithm> {
  if (isReport(subject)) yield* algorithmsOfReport(subject.items);
  if (isSegmentation(subject)) {
    for (const { attributes, path } of itemsBelow(
      subject.dataset,
      'SegmentSequence',
      'SegmentationAlgorithmIdentificationSequence',
    )) {
      yield {
        path,
        name: textOf(attributes, 'AlgorithmName'),
        version: textOf(attributes, 'AlgorithmVersion'),
        deviceUID: null,
        manufacturer: textOf(attributes, 'AlgorithmSource'),
      };
    }
  }
}

function* algorithmsOfReport(items: readonly ContentItemAt[]): Generator<Algorithm> {
  for (const { children, path } of items) {
    const observers = named(children, dcmCodes.deviceObserverUID);
    if (observers.length > 0) {
      yield {
        path: observers[0]?.path ?? path,
        name: valueOf(children, dcmCodes.deviceObserverModelName),
        version: null,
        deviceUID: valueOf(children, dcmCodes.deviceObserverUID),
        manufacturer: valueOf(children, dcmCodes.deviceObserverManufacturer),
      };
    }
    const [algorithm] = named(children, dcmCodes.algorithmName);
    if (algorithm !== undefined) {
      yield {
        path: algorithm.path,
        name: valueOf(children, dcmCodes.algorithmName),
        version: valueOf(children, dcmCodes.algorithmVersion),
        deviceUID: null,
        manufacturer: valueOf(children, dcmCodes.algorithmManufacturer),
      };
    }
  }
}

const equipmentPresent: Rule = {
  id: 'algorithm.equipment',
  severity: 'error',
  section: air,
  about: (subject) => !algorithmsIn(subject).next().done,
  *check({ dataset }) {
    const items = processingEquipment(dataset);
    if (items.length === 0) {
      const path = pathTo('', 'ContributingEquipmentSequence');
      yield {
        path,
        message: 'the algorithm is not among the contributing equipment (109102, DCM, Processing Equipment)',
      };
    }
  },
};

const equipmentComplete: Rule = {
  id: 'algorithm.equipment-complete',
  severity: 'error',
  section: air,
  about: (subject) => !algorithmsIn(subject).next().done,
  *check({ dataset }) {
    const keywords = ['Manufacturer', 'ManufacturerModelName', 'SoftwareVersions', 'DeviceUID'] as const;
    for (const item of processingEquipment(dataset)) yield* missing(item, keywords);
  },
};

const equipmentAgrees: Rule = {
  id: 'algorithm.agreement',
  severity: 'error',
  section: air,
  about: (subject) => processingEquipment(subject.dataset).length > 0,
  *check(subject) {
    const equipment = processingEquipment(subject.dataset).map(({ attributes }) => ({
      name: textOf(attributes, 'ManufacturerModelName'),
      versions: textsOf(attributes, 'SoftwareVersions'),
      deviceUID: textOf(attributes, 'DeviceUID'),
      manufacturer: textOf(attributes, 'Manufacturer'),
    }));
    const says = (value: string | null, known: readonly (string | null)[]) => value === null || known.includes(value);
    for (const algorithm of algorithmsIn(subject)) {
      const disagreement = equipment.map((item): string | null => {
        if (!says(algorithm.name, [item.name])) return `the algorithm "${algorithm.name ?? ''}"`;
        if (!says(algorithm.version, item.versions)) return `its version ${algorithm.version ?? ''}`;
        if (!says(algorithm.deviceUID, [item.deviceUID])) return `its device UID ${algorithm.deviceUID ?? ''}`;
        if (!says(algorithm.manufacturer, [item.manufacturer])) return `its maker "${algorithm.manufacturer ?? ''}"`;
        return null;
      });
      if (disagreement.includes(null)) continue;
      yield fault(algorithm.path, `${disagreement[0] ?? ''} is not what Contributing Equipment says`);
    }
  },
};

const fault = (path: string, message: string): Fault => ({ path, message });

const identificationComplete: Rule = {
  id: 'algorithm.identification',
  severity: 'error',
  section: 'PS3.16 TID 4019',
  about: isReport,
  *check({ items }) {
    for (const { children, path } of items) {
      const name = named(children, dcmCodes.algorithmName).find(({ type }) => type === 'TEXT');
      const version = named(children, dcmCodes.algorithmVersion)[0];
      const some = name ?? version ?? named(children, dcmCodes.algorithmName)[0];
      if (some === undefined) continue;
      if (name === undefined) yield fault(path, 'Algorithm Version without Algorithm Name as text');
      if (version === undefined) yield fault(path, 'Algorithm Name without Algorithm Version');
    }
  },
};

const observerComplete: Rule = {
  id: 'algorithm.observer',
  severity: 'error',
  section: 'PS3.16 TID 1002, 1003, 1004',
  about: isReport,
  *check({ items }) {
    for (const { children } of items) {
      for (const observer of named(children, dcmCodes.observerType)) {
        const kind = codeIn(observer.attributes, 'ConceptCodeSequence');
        if (sameCode(kind, dcmCodes.device) && valueOf(children, dcmCodes.deviceObserverUID) === null) {
          yield fault(observer.path, 'a device observer without Device Observer UID');
        }
        if (sameCode(kind, dcmCodes.person) && valueOf(children, dcmCodes.personObserverName) === null) {
          yield fault(observer.path, 'a person observer without a name');
        }
      }
    }
  },
};

export const algorithmRules: readonly Rule[] = [
  equipmentPresent,
  equipmentComplete,
  equipmentAgrees,
  identificationComplete,
  observerComplete,
];
