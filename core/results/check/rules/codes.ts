import { dcmCodes, tags, textOf, type Attributes, type Keyword } from '../../../dicom/index.ts';
import { isAny } from '../kinds.ts';
import { everyDataset, itemsBelow, pathTo, type ItemAt } from '../path.ts';
import type { Rule } from '../rule.ts';
import { whole } from './require.ts';

/** Code items of the object: items of a sequence that is made of codes. */
function* codesIn(dataset: Attributes): Generator<ItemAt> {
  for (const item of everyDataset(whole(dataset))) {
    if (item.within !== null && isCodeSequence(item.within)) yield item;
  }
}

/** PS3.6 names them so. `CodingSchemeIdentificationSequence` and `ReferencedSOPSequence` do not end in it. */
function isCodeSequence(keyword: Keyword): boolean {
  return tags[keyword][1] === 'SQ' && keyword.endsWith('CodeSequence');
}

const codeComplete: Rule = {
  id: 'code.complete',
  severity: 'error',
  section: 'PS3.3 8.8',
  about: isAny,
  *check({ dataset }) {
    for (const { attributes, path } of codesIn(dataset)) {
      const urn = textOf(attributes, 'URNCodeValue');
      const value = textOf(attributes, 'CodeValue') ?? textOf(attributes, 'LongCodeValue') ?? urn;
      if (value === null) yield { path: pathTo(path, 'CodeValue'), message: 'the code has no value' };
      if (urn === null && textOf(attributes, 'CodingSchemeDesignator') === null) {
        yield { path: pathTo(path, 'CodingSchemeDesignator'), message: 'the code names no scheme' };
      }
      if (textOf(attributes, 'CodeMeaning') === null) {
        yield { path: pathTo(path, 'CodeMeaning'), message: 'the code has no meaning' };
      }
    }
  },
};

/** SNOMED under its retired designators. */
const retired: ReadonlySet<string> = new Set(['SRT', 'SNM3', '99SDM']);

const codeScheme: Rule = {
  id: 'code.scheme',
  severity: 'warning',
  section: 'PS3.16 8.1',
  about: isAny,
  *check({ dataset }) {
    for (const { attributes, path } of codesIn(dataset)) {
      const scheme = textOf(attributes, 'CodingSchemeDesignator');
      if (scheme !== null && retired.has(scheme)) {
        const value = textOf(attributes, 'CodeValue') ?? '';
        yield {
          path: pathTo(path, 'CodingSchemeDesignator'),
          message: `${value} is of the retired scheme ${scheme}: use SCT`,
        };
      }
    }
  },
};

const privateScheme: Rule = {
  id: 'code.private-scheme',
  severity: 'warning',
  section: 'PS3.3 C.12.1.1.8',
  about: isAny,
  *check({ dataset }) {
    const declared = new Set(
      itemsBelow(dataset, 'CodingSchemeIdentificationSequence').map(({ attributes }) =>
        textOf(attributes, 'CodingSchemeDesignator'),
      ),
    );
    const told = new Set<string>();
    for (const { attributes, path } of codesIn(dataset)) {
      const scheme = textOf(attributes, 'CodingSchemeDesignator');
      if (scheme?.startsWith('99') !== true || retired.has(scheme) || declared.has(scheme) || told.has(scheme))
        continue;
      told.add(scheme);
      yield { path: pathTo(path, 'CodingSchemeDesignator'), message: `the private scheme ${scheme} is not declared` };
    }
  },
};

const meanings = new Map<string, string>(Object.values(dcmCodes).map(({ value, meaning }) => [value, meaning]));

const codeMeaning: Rule = {
  id: 'code.meaning',
  severity: 'warning',
  section: 'PS3.16 annex D',
  about: isAny,
  *check({ dataset }) {
    for (const { attributes, path } of codesIn(dataset)) {
      if (textOf(attributes, 'CodingSchemeDesignator') !== 'DCM') continue;
      const value = textOf(attributes, 'CodeValue') ?? '';
      const expected = meanings.get(value);
      const found = textOf(attributes, 'CodeMeaning');
      if (expected === undefined || found === null || found.toLowerCase() === expected.toLowerCase()) continue;
      yield { path: pathTo(path, 'CodeMeaning'), message: `(${value}, DCM) means "${expected}", not "${found}"` };
    }
  },
};

export const codeRules: readonly Rule[] = [codeComplete, codeScheme, privateScheme, codeMeaning];
