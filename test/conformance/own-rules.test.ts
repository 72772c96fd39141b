import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkObject } from '@overread/core/results';
import { isArguedWarning } from '../support/argued-exceptions.ts';
import { resultCases } from '../support/result-cases.ts';
import { sharedData } from '../support/shared-data.ts';

const objects = resultCases().flatMap(({ name, objects: list }) =>
  list.map((object) => ({ name: `${object.kind} of ${name}`, object })),
);

describe('the own rules find nothing in what is written', () => {
  it.each(objects)('$name', ({ name, object }) => {
    const { breaches, rules } = checkObject(object.bytes);
    expect(rules.length).toBeGreaterThan(8);
    expect(breaches.filter(({ rule }) => !isArguedWarning(name, rule))).toEqual([]);
  });
});

/** Objects of other makers, with what the rules say of them: [file, rule, path, message]. */
const foreign = [
  ['results/gsps.dcm', null, '', ''],
  ['results/pm_float.dcm', 'pm.quantity', '(5200,9229)[1]/(0040,9096)[1]/(0040,9220)', 'what quantity'],
  ['results/sc.dcm', 'sc.marked', '(0028,0301)', 'BurnedInAnnotation has no value'],
  ['results/sr_c3d.dcm', 'algorithm.equipment-complete', '(0018,A001)[2]/(0018,1002)', 'DeviceUID has no value'],
  ['results/sr_c3d.dcm', 'algorithm.agreement', '(0040,A730)[3]', '"LungSeg"'],
  ['results/sr_c3d.dcm', 'group.one-kind', '', '1410, 1411, 1501'],
  ['results/t_1411.dcm', 'viewer.coordinates', '(0040,A730)[9]/(0040,A730)[3]', 'not drawn'],
  ['results/seg_fractional.dcm', 'viewer.segmentation', '(0062,0001)', 'FRACTIONAL'],
  ['dcmqi/segmentations/liver.dcm', 'code.scheme', '(0062,0002)[1]/(0062,0003)[1]/(0008,0102)', 'T-D0050'],
  ['dcmqi/sr-example/sr.dcm', 'viewer.coordinates', '(0040,A730)[6]/(0040,A730)[1]', 'not drawn'],
  [
    'highdicom/sr_document_with_multiple_groups.dcm',
    'group.closed-contour',
    '(0040,A730)[7]/(0040,A730)[3]/(0040,A730)[6]/(0070,0022)',
    'not closed',
  ],
  ['highdicom/seg_image_ct_binary.dcm', 'algorithm.equipment', '(0018,A001)', 'contributing equipment'],
] as const;
const data = sharedData();

describe.skipIf(data === null)(`objects of other makers${data === null ? ' (skipped: no sample data)' : ''}`, () => {
  it.each(foreign)('%s: %s', (file, rule, path, message) => {
    const { breaches } = checkObject(readFileSync(join(data ?? '', file)));
    if (rule === null) expect(breaches).toEqual([]);
    else {
      const found = breaches.filter((breach) => breach.rule === rule && breach.path === path);
      expect(found.map((breach) => breach.message).join()).toContain(message);
    }
  });
});

describe('the program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'overread-check-'));
  const program = join(import.meta.dirname, '../../tools/overread-dicom/src/main.ts');
  const check = (...args: readonly string[]) =>
    spawnSync(process.execPath, [program, 'check', ...args], { encoding: 'utf8' });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says nothing against our objects, and ends with 0', () => {
    const paths = objects.slice(0, 2).map(({ object }, index) => {
      const path = join(folder, `${index}.dcm`);
      writeFileSync(path, object.bytes);
      return path;
    });
    const { status, stdout } = check(...paths);
    expect(stdout).toContain('0 errors, 0 warnings');
    expect(status).toBe(0);
  });

  it('ends with 2 where a file is none, and says which', () => {
    const path = join(folder, 'none.txt');
    writeFileSync(path, 'no DICOM');
    const { status, stderr } = check(path, join(folder, 'absent.dcm'));
    expect(status).toBe(2);
    expect(stderr).toContain('none.txt\n  cannot be read: The DICOM file is damaged');
    expect(stderr).toContain('absent.dcm\n  cannot be read:');
  });

  it.skipIf(data === null)('names tag path, rule and section of an error, and ends with 1', () => {
    const { status, stdout } = check(join(data ?? '', 'results/sr_c3d.dcm'));
    expect(stdout).toContain('error algorithm.agreement at (0040,A730)[3]');
    expect(stdout).toContain('[IHE AIR 6.5.3.1]');
    expect(status).toBe(1);
  });
});
