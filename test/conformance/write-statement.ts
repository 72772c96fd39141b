import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conformanceStatement } from './statement.ts';

/** Writes docs/conformance.md anew: `node test/conformance/write-statement.ts`. */
writeFileSync(join(import.meta.dirname, '../../docs/conformance.md'), await conformanceStatement());
