import { describe, expect, it } from 'vitest';
import { resultCases } from '../support/result-cases.ts';
import {
  encodingErrors,
  iodErrors,
  skipNote,
  srStructureErrors,
  templateErrors,
  tools,
} from '../support/validators.ts';

const objects = resultCases().flatMap(({ name, objects: list }) =>
  list.map((object) => ({ name: `${object.kind} of ${name}`, object })),
);
const reports = objects.filter(({ object }) => object.kind === 'SR');

describe.skipIf(tools.dciodvfy === null)(`dciodvfy finds no error${skipNote('dciodvfy')}`, () => {
  it.each(objects)('$name', ({ object }) => {
    expect(iodErrors(object.bytes)).toEqual([]);
  });
});

describe.skipIf(tools.dcmdump === null)(`dcmdump reads without complaint${skipNote('dcmdump')}`, () => {
  it.each(objects)('$name', ({ object }) => {
    expect(encodingErrors(object.bytes)).toEqual([]);
  });
});

describe.skipIf(tools.dsrdump === null)(`dsrdump accepts the tree${skipNote('dsrdump')}`, () => {
  it.each(reports)('$name', ({ object }) => {
    expect(srStructureErrors(object.bytes)).toEqual([]);
  });
});

describe.skipIf(tools.pixelmed === null)(`the templates of PS3.16 are kept${skipNote('pixelmed')}`, () => {
  it.each(reports)('$name', ({ object }) => {
    expect(templateErrors(object.bytes)).toEqual([]);
  });
});
