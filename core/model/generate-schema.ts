import { writeFileSync } from 'node:fs';
import { manifestJsonSchema } from './json-schema.ts';

// `npm run schemas`: writes the JSON Schema that model authors' editors read.
writeFileSync(new URL('model.schema.json', import.meta.url), `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`);
