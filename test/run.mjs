// The README's test command: sets up what the tests need, runs every suite, and closes with one line of counts.
// Plain JavaScript with built-ins only: it starts on the machine's own Node, before dependencies are installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDebianPackages } from '../scripts/debian.mjs';
import { ensureDependencies } from '../scripts/setup.mjs';
import { playwrightFailures, vitestFailures } from './failures.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const results = join(root, 'test-results');
const long = process.argv.includes('--long');

/** Runs a command on the project's own Node and packages. */
function run(command, args, env = {}) {
  const bin = join(root, 'node_modules/.bin');
  const started = Date.now();
  const done = spawnSync(join(bin, command), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, ...(long ? { OVERREAD_LONG: '1' } : {}), ...env },
  });
  console.log(`(${command} ${args[0] ?? ''}: ${((Date.now() - started) / 1000).toFixed(0)} s)\n`);
  return done.status === 0;
}

/** A suite that wrote no report counts as one failure: it did not even start. */
function report(file, read) {
  return existsSync(file)
    ? read(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 1, skipped: 0, failures: [] };
}

function vitest(project) {
  const file = join(results, `${project}.json`);
  const ok = run('vitest', [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const counts = report(file, (json) => ({
    passed: json.numPassedTests,
    failed: json.numFailedTests,
    skipped: json.numPendingTests + json.numTodoTests,
    failures: vitestFailures(json),
  }));
  // A file that fails to load has no failed test of its own.
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function playwright() {
  const file = join(results, 'e2e.json');
  const args = ['test', '--config', 'test/e2e/playwright.config.ts', '--reporter=list,json'];
  const ok = run('playwright', args, { PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  const counts = report(file, (json) => ({
    passed: json.stats.expected,
    failed: json.stats.unexpected + json.stats.flaky,
    skipped: json.stats.skipped,
    failures: playwrightFailures(json),
  }));
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

ensureDependencies();
const missing = ensureDebianPackages();
for (const entry of missing) {
  console.log(
    `MISSING ${entry.package} (${entry.why}): tests that need it are skipped. As root on Debian this command installs it.`,
  );
}
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const built = run('node', ['scripts/build.mjs']);
const suites = built
  ? [vitest('unit'), vitest('integration'), vitest('conformance'), playwright()]
  : [{ passed: 0, failed: 1, skipped: 0 }];
// A machine that promises everything (continuous integration) must not pass by skipping.
if (process.env.CI && missing.length > 0) suites.push({ passed: 0, failed: missing.length, skipped: 0 });

for (const { test, messages } of suites.flatMap(({ failures = [] }) => failures)) {
  console.log(`FAILED ${test.replace(`${root}/`, '')}\n${messages.join('\n')}\n`);
}
const sum = (key) => suites.reduce((total, counts) => total + counts[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
