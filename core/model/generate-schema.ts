import { writeFileSync } from 'node:fs';
import { manifestJsonSchema } from './json-schema.ts';
import { referencePage } from './reference/reference-page.ts';

// `npm run schemas`: writes the JSON Schema that model authors' editors read, and the reference page made of it.
const schema = manifestJsonSchema();
writeFileSync(new URL('model.schema.json', import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
writeFileSync(new URL('../../docs/reference/manifest.md', import.meta.url), referencePage(schema));
