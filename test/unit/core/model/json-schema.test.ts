import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { manifestJsonSchema } from '@overread/core/model';

it('the committed JSON Schema is the one the manifest schema generates', () => {
  const committed: unknown = JSON.parse(
    readFileSync(new URL('../../../../core/model/model.schema.json', import.meta.url), 'utf8'),
  );
  expect(committed, 'run `npm run schemas`').toEqual(JSON.parse(JSON.stringify(manifestJsonSchema())));
});
