import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asOverreadError } from '@overread/core/errors';
import { checkObject, checkRules, type Breach, type CheckReport } from '@overread/core/results';
import { exitStatus, type Terminal } from './run.ts';

type Checked =
  { readonly file: string; readonly report: CheckReport } | { readonly file: string; readonly unreadable: string };

/** Checks files, and the files of folders, and reports each. @returns the exit status. */
export function checkFiles(paths: readonly string[], json: boolean, terminal: Terminal): number {
  const checked = paths.flatMap(filesAt).map(checkFile);
  if (json) terminal.out(JSON.stringify(checked, null, 2));
  else for (const one of checked) reportOn(one, terminal);
  if (checked.some((one) => 'unreadable' in one)) return exitStatus.unusable;
  const errors = checked.some((one) => 'report' in one && one.report.breaches.some(isError));
  return errors ? exitStatus.errors : exitStatus.clean;
}

const isError = ({ severity }: Breach) => severity === 'error';

/** The path itself, or the files below it; one that is not there is reported as unreadable later. */
function filesAt(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function checkFile(file: string): Checked {
  try {
    return { file, report: checkObject(readFileSync(file)) };
  } catch (error) {
    return { file, unreadable: asOverreadError(error).message };
  }
}

function reportOn(one: Checked, { out, err }: Terminal): void {
  if ('unreadable' in one) {
    err(`${one.file}\n  cannot be read: ${one.unreadable}`);
    return;
  }
  const { breaches, rules } = one.report;
  const errors = breaches.filter(isError).length;
  out(`${one.file}\n  ${rules.length} rules: ${count(errors, 'error')}, ${count(breaches.length - errors, 'warning')}`);
  for (const { severity, rule, path, message, section } of breaches) {
    out(`  ${severity} ${rule} at ${path === '' ? 'the object' : path}\n    ${message} [${section}]`);
  }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

export function ruleList(): string {
  return checkRules.map(({ id, severity, section }) => `${id} (${severity}) [${section}]`).join('\n');
}
