import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isArguedLaterality, isBeyondAscii, isSameText } from './argued-exceptions.ts';

/** Checkers of other makers. Each answers null where this machine does not have it; the test then skips and says so. */

function onPath(program: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path)) ?? null;
}

const jar = (name: string) => `/usr/share/java/${name}.jar`;
/** PixelMed and, where they are installed, the libraries it prefers. */
const jars = ['pixelmed', 'slf4j-api', 'slf4j-nop', 'xalan2', 'serializer'].map(jar).filter((path) => existsSync(path));

export const tools = {
  dciodvfy: onPath('dciodvfy'),
  dcentvfy: onPath('dcentvfy'),
  dsrdump: onPath('dsrdump'),
  dcmpschk: onPath('dcmpschk'),
  dcmdump: onPath('dcmdump'),
  storescu: onPath('storescu'),
  getscu: onPath('getscu'),
  pixelmed: onPath('java') !== null && jars.includes(jar('pixelmed')) ? jars.join(':') : null,
  /** A Python that has pydicom and numpy. */
  python:
    ['/usr/bin/python3', onPath('python3')].find(
      (path) => path != null && spawnSync(path, ['-c', 'import pydicom, numpy']).status === 0,
    ) ?? null,
} as const;

/** Why a test that needs the tool is skipped, for its title. */
export function skipNote(tool: keyof typeof tools): string {
  return tools[tool] === null ? ` (skipped: ${tool} is not installed)` : '';
}

/** Runs `use` on the bytes as a file that is gone afterwards. */
export function asFile<T>(bytes: Uint8Array, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'overread-dicom-'));
  try {
    const path = join(folder, 'object.dcm');
    writeFileSync(path, bytes);
    return use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string, args: readonly string[]): { status: number; output: string } {
  const { status, stdout, stderr, error } = spawnSync(program, [...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error !== undefined) throw error;
  return { status: status ?? -1, output: `${stdout}\n${stderr}` };
}

/** Error lines of dcentvfy (attributes of patient, study or series that differ between files), less the argued ones. */
export function entityErrors(files: readonly Uint8Array[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'overread-entities-'));
  try {
    const paths = files.map((_, index) => join(folder, `${index}.dcm`));
    files.forEach((bytes, index) => {
      writeFileSync(paths[index] ?? '', bytes);
    });
    // One character per byte: the texts are compared below.
    const { stdout, stderr, error } = spawnSync(tools.dcentvfy ?? '', paths, { encoding: 'latin1' });
    if (error !== undefined) throw error;
    const complaints = `${stdout}\n${stderr}`.split('\n').filter((line) => /^(Error|Abort)/.test(line));
    return complaints.filter((line) => !isSameText(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Error lines of dciodvfy (IOD, module and type rules) less the argued exceptions. */
export function iodErrors(bytes: Uint8Array): readonly string[] {
  const { status, output } = asFile(bytes, (path) => run(tools.dciodvfy ?? '', ['-new', path]));
  const errors = output.split('\n').filter((line) => line.startsWith('Error'));
  // 1 means errors, which are listed; anything else means that it did not run through.
  if (status !== 0 && errors.length === 0) return [`dciodvfy ended with ${status}: ${output.slice(0, 500)}`];
  return errors.filter((line) => !isArguedLaterality(line));
}

/** What dcmpschk (presentation states) complains about, by attribute, less the argued exceptions. */
export function presentationStateErrors(bytes: Uint8Array): readonly string[] {
  const { output } = asFile(bytes, (path) => run(tools.dcmpschk ?? '', [path]));
  if (!/Test (passed|failed)/.test(output)) return [`dcmpschk did not run through: ${output.slice(0, 500)}`];
  const values = output.split(/^E: Error: /m).slice(1);
  const states = output.split('\n').filter((line) => /^W: (?!Testing: |Test (passed|failed))/.test(line));
  return [...states, ...values.filter((complaint) => !isBeyondAscii(complaint))];
}

/** What dsrdump (relationships and value types of an SR) complains about. */
export function srStructureErrors(bytes: Uint8Array): readonly string[] {
  const { status, output } = asFile(bytes, (path) => run(tools.dsrdump ?? '', ['-q', path]));
  return status === 0 ? [] : [output];
}

/** What dcmdump (encoding) complains about. */
export function encodingErrors(bytes: Uint8Array): readonly string[] {
  const { status, output } = asFile(bytes, (path) => run(tools.dcmdump ?? '', ['-q', path]));
  const complaints = output.split('\n').filter((line) => /^[EW]: /.test(line));
  return status === 0 ? complaints : [`dcmdump ended with ${status}`, ...complaints];
}

/**
 * Error lines of PixelMed's template validator (PS3.16), by report. JDK 17 needs its XPath limits lifted. With a
 * compiler at hand all reports go through one virtual machine, since each start takes several seconds.
 */
export function templateErrors(reports: readonly Uint8Array[]): readonly (readonly string[])[] {
  const limits = ['xpathExprGrpLimit', 'xpathExprOpLimit', 'xpathTotalOpLimit'].map((name) => `-Djdk.xml.${name}=0`);
  const options = ['-Xss64m', '-Xmx2g', ...limits, '-cp', tools.pixelmed ?? ''];
  const compiles = run('java', ['--list-modules']).output.includes('jdk.compiler');
  const folder = mkdtempSync(join(tmpdir(), 'overread-sr-'));
  try {
    const paths = reports.map((bytes, index) => {
      const path = join(folder, `${index}.dcm`);
      writeFileSync(path, bytes);
      return path;
    });
    const outputs = compiles
      ? run('java', [...options, join(import.meta.dirname, 'ValidateReports.java'), ...paths])
          .output.split('=== ')
          .slice(1)
      : paths.map((path) => run('java', [...options, 'com.pixelmed.validate.DicomSRValidator', path]).output);
    return paths.map((_, index) => errorsIn(outputs[index] ?? ''));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Its exit status is always 0: only the closing line shows that it ran through. */
function errorsIn(output: string): readonly string[] {
  const finished = output.includes('IOD validation complete') && output.includes('Root Template Validation Complete');
  const errors = output.split('\n').filter((line) => line.startsWith('Error'));
  return finished ? errors : [`the validator did not run through: ${output.slice(-500)}`, ...errors];
}

const everyValue = `
import json, sys, warnings, pydicom
from pydicom.multival import MultiValue
from pydicom.valuerep import validate_value
warnings.simplefilter('error')
count = 0
def walk(dataset):
    global count
    for element in dataset:
        count += 1
        if element.VR == 'SQ':
            for item in element.value: walk(item)
        else:
            values = element.value if isinstance(element.value, MultiValue) else [element.value]
            for value in values:
                if isinstance(value, str): validate_value(element.VR, value, pydicom.config.RAISE)
for path in json.loads(sys.argv[1]):
    walk(pydicom.dcmread(path))
print(json.dumps(count))
`;

/** Elements that pydicom reads in the files, each value checked against its VR; it fails at the first that is none. */
export function valuesRead(files: readonly Uint8Array[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'overread-values-'));
  try {
    const paths = files.map((bytes, index) => {
      const path = join(folder, `${index}.dcm`);
      writeFileSync(path, bytes);
      return path;
    });
    return python(everyValue, [JSON.stringify(paths)]) as number;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a Python program that prints JSON. */
export function python(program: string, args: readonly string[]): unknown {
  const { status, output } = run(tools.python ?? '', ['-c', program, ...args]);
  if (status !== 0) throw new Error(output);
  return JSON.parse(output) as unknown;
}
