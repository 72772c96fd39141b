import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { conformanceStatement } from './statement.ts';

it('docs/conformance.md says what the code writes (else: node test/conformance/write-statement.ts)', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/conformance.md'), 'utf8');
  expect(page).toBe(await conformanceStatement());
});
