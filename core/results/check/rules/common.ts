import { isUID, sopClasses, tags, textOf, textsOf, textVrs, type Keyword } from '../../../dicom/index.ts';
import { isAny, isParametricMap, isSegmentation } from '../kinds.ts';
import { everyDataset, pathTo } from '../path.ts';
import type { Rule } from '../rule.ts';
import { keywordsOf, missing, whole } from './require.ts';

const identity: Rule = {
  id: 'common.identity',
  severity: 'error',
  section: 'PS3.3 C.7.2.1, C.7.3.1, C.12.1',
  about: isAny,
  *check({ dataset }) {
    const keywords = ['SOPClassUID', 'SOPInstanceUID', 'StudyInstanceUID', 'SeriesInstanceUID', 'Modality'] as const;
    yield* missing(whole(dataset), keywords);
  },
};

const uids: Rule = {
  id: 'common.uid',
  severity: 'error',
  section: 'PS3.5 9.1',
  about: isAny,
  *check({ dataset }) {
    for (const { attributes, path } of everyDataset(whole(dataset))) {
      for (const keyword of keywordsOf(attributes)) {
        if (tags[keyword][1] !== 'UI') continue;
        const bad = textsOf(attributes, keyword).find((uid) => !isUID(uid));
        if (bad !== undefined) yield { path: pathTo(path, keyword), message: `${keyword} "${bad}" is no UID` };
      }
    }
  },
};

const fileMeta: Rule = {
  id: 'common.file-meta',
  severity: 'error',
  section: 'PS3.10 7.1',
  about: isAny,
  *check({ meta, dataset }) {
    const pairs = [
      ['MediaStorageSOPClassUID', 'SOPClassUID'],
      ['MediaStorageSOPInstanceUID', 'SOPInstanceUID'],
    ] as const;
    for (const [inMeta, inDataset] of pairs) {
      if (textOf(meta, inMeta) !== textOf(dataset, inDataset)) {
        yield { path: pathTo('', inMeta), message: `${inMeta} is not the ${inDataset} of the object` };
      }
    }
  },
};

const modalities: Readonly<Record<string, string>> = {
  [sopClasses.segmentation]: 'SEG',
  [sopClasses.labelMapSegmentation]: 'SEG',
  [sopClasses.comprehensive3DSr]: 'SR',
  [sopClasses.grayscalePresentationState]: 'PR',
  [sopClasses.keyObjectSelection]: 'KO',
};

const modality: Rule = {
  id: 'common.modality',
  severity: 'error',
  section: 'PS3.3 C.8.20.1, C.11.9, C.17.1, C.17.6.1',
  about: ({ sopClassUID }) => Object.hasOwn(modalities, sopClassUID),
  *check({ dataset, sopClassUID }) {
    const [expected, found] = [modalities[sopClassUID], textOf(dataset, 'Modality')];
    if (found !== null && found !== expected) {
      yield { path: pathTo('', 'Modality'), message: `Modality is ${found}, not ${expected}` };
    }
  },
};

const textLength: Rule = {
  id: 'common.text-length',
  severity: 'error',
  section: 'PS3.5 6.2',
  about: isAny,
  *check({ dataset }) {
    for (const { attributes, path } of everyDataset(whole(dataset))) {
      for (const keyword of keywordsOf(attributes)) {
        const limit = limitOf(keyword);
        const longest = Math.max(0, ...textsIn(attributes[keyword]).map((text) => Array.from(text.trim()).length));
        if (longest > limit) {
          yield { path: pathTo(path, keyword), message: `${keyword} has ${longest} characters, ${limit} are allowed` };
        }
      }
    }
  },
};

function limitOf(keyword: Keyword): number {
  const vr = tags[keyword][1];
  // A person name has its limit per component group.
  return vr === 'PN' ? Infinity : (textVrs[vr]?.limit ?? Infinity);
}

function textsIn(value: unknown): readonly string[] {
  return [value].flat().filter((one) => typeof one === 'string');
}

const enhancedEquipment: Rule = {
  id: 'common.enhanced-equipment',
  severity: 'error',
  section: 'PS3.3 C.7.5.2',
  about: (subject) => isSegmentation(subject) || isParametricMap(subject),
  check: ({ dataset }) =>
    missing(whole(dataset), ['Manufacturer', 'ManufacturerModelName', 'DeviceSerialNumber', 'SoftwareVersions']),
};

export const commonRules: readonly Rule[] = [identity, uids, fileMeta, modality, textLength, enhancedEquipment];
