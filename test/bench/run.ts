// `npm run bench -- <name> [options]` runs test/bench/<name>.bench.ts.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));

const name = process.argv[2] ?? '';
const file = join(import.meta.dirname, `${name}.bench.ts`);
if (!/^[a-z0-9-]+$/.test(name) || !existsSync(file)) {
  console.error(`Usage: npm run bench -- <name>, where <name> is one of: ${names.join(', ')}`);
  process.exit(2);
}
await import(pathToFileURL(file).href);
