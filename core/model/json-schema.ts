import * as z from 'zod/mini';
import { manifestSchema } from './manifest/index.ts';

/** The manifest's schema as JSON Schema (draft 2020-12), for editors and for readers of the reference page. */
export function manifestJsonSchema(): Record<string, unknown> {
  return {
    title: 'Overread model manifest, version 1',
    ...z.toJSONSchema(manifestSchema, { target: 'draft-2020-12', reused: 'inline', io: 'input' }),
  };
}
