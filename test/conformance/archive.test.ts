import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPart10, textOf, writePart10 } from '@overread/core/dicom';
import type { DicomObject } from '@overread/core/results';
import { isLabelMap, isParametricMap } from '../support/argued-exceptions.ts';
import { readMultipart, storeRequest } from '../support/multipart.ts';
import { hasOrthanc, startOrthanc, type Orthanc } from '../support/orthanc.ts';
import { elementDifferences, rawElements } from '../support/raw-elements.ts';
import { resultCases } from '../support/result-cases.ts';
import { skipNote, tools } from '../support/validators.ts';

const stored = resultCases().flatMap(({ name, objects }) =>
  objects.map((object) => ({ name: `${object.kind} of ${name}`, object })),
);
const known = stored.filter(({ object }) => !isLabelMap(object));
const gettable = known.filter(({ object }) => !isParametricMap(object));

const note = hasOrthanc ? '' : ' (skipped: orthanc and orthanc-dicomweb are not installed)';

it('a changed value is told by its path, and so is an element that is gone', () => {
  const bytes = stored[0]?.object.bytes ?? new Uint8Array();
  const changed = bytes.slice();
  const label = rawElements(changed).find(({ path }) => path === '(0070,0080)');
  label?.bytes.write('X');
  expect(elementDifferences(changed, bytes)).toEqual(['(0070,0080) CS has another value']);
  const without = writePart10({ SOPClassUID: '1.2', SOPInstanceUID: '1.3', ContentLabel: 'A' });
  const empty = writePart10({ SOPClassUID: '1.2', SOPInstanceUID: '1.3' });
  expect(elementDifferences(empty, without)).toEqual(['(0070,0080) CS is gone']);
  expect(elementDifferences(without, empty)).toEqual(['(0070,0080) CS is new']);
});

async function retrieve(root: string, object: DicomObject): Promise<Uint8Array> {
  const study = textOf(readPart10(object.bytes).dataset, 'StudyInstanceUID') ?? '';
  const { seriesInstanceUID, sopInstanceUID } = object;
  const response = await fetch(`${root}/studies/${study}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`, {
    headers: { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
  });
  expect(response.status).toBe(200);
  const parts = await readMultipart(response);
  expect(parts).toHaveLength(1);
  return parts[0]?.bytes ?? new Uint8Array();
}

function run(program: string | null, args: readonly string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(program ?? '', [...args], { encoding: 'utf8' });
  return { status, stderr };
}

/** Runs `use` with an empty folder that is gone afterwards. */
function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'overread-dimse-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(!hasOrthanc)(`what Orthanc was given by STOW-RS comes back by WADO-RS as it was${note}`, () => {
  let orthanc: Orthanc;
  beforeAll(async () => {
    orthanc = await startOrthanc();
  });
  afterAll(() => orthanc.stop());

  it.each(stored)('$name', async ({ object }) => {
    const answer = await fetch(`${orthanc.dicomWeb}/studies`, storeRequest([object.bytes]));
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    expect(elementDifferences(await retrieve(orthanc.dicomWeb, object), object.bytes)).toEqual([]);
  });
});

const dcmtk = tools.storescu !== null && tools.getscu !== null;

describe.skipIf(!hasOrthanc || !dcmtk)(
  `what storescu -R sends to Orthanc comes back as it was${note}${skipNote('storescu')}`,
  () => {
    let orthanc: Orthanc;
    beforeAll(async () => {
      orthanc = await startOrthanc({ dimse: true });
      inFolder((folder) => {
        known.forEach(({ object }, index) => writeFileSync(join(folder, `${index}.dcm`), object.bytes));
        const peer = ['127.0.0.1', String(orthanc.dicomPort), '+sd', folder];
        expect(run(tools.storescu, ['-R', '-aec', 'ORTHANC', ...peer])).toEqual({ status: 0, stderr: '' });
      });
    });
    afterAll(() => orthanc.stop());

    it.each(known)('by WADO-RS: $name', async ({ object }) => {
      expect(elementDifferences(await retrieve(orthanc.dicomWeb, object), object.bytes)).toEqual([]);
    });

    it.each(gettable)('by C-GET: $name', ({ object }) => {
      inFolder((folder) => {
        const { seriesInstanceUID, sopInstanceUID } = object;
        const keys = [
          'QueryRetrieveLevel=IMAGE',
          `SeriesInstanceUID=${seriesInstanceUID}`,
          `SOPInstanceUID=${sopInstanceUID}`,
        ];
        const options = ['-S', '-aec', 'ORTHANC', '+B', '-od', folder, ...keys.flatMap((key) => ['-k', key])];
        expect(run(tools.getscu, [...options, '127.0.0.1', String(orthanc.dicomPort)])).toEqual({
          status: 0,
          stderr: '',
        });
        const received = readdirSync(folder).map((file) => readFileSync(join(folder, file)));
        expect(received).toHaveLength(1);
        expect(elementDifferences(received[0] ?? new Uint8Array(), object.bytes)).toEqual([]);
      });
    });
  },
);
