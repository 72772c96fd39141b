import * as z from 'zod/mini';
import type { Prompt, PromptMask } from '../pipeline/index.ts';
import { vec3 } from './analysis-document.ts';

// What prompts are on the wire.

/** At most this many marks are one prompt: no hand sets more. */
const mostMarks = 1000;

export const promptSchema: z.ZodMiniType<Prompt> = z.object({
  points: z.array(z.object({ at: vec3, inside: z.boolean() })).check(z.maxLength(mostMarks)),
  box: z.nullable(z.tuple([vec3, vec3])),
  refine: z.boolean(),
});

const index = z.int().check(z.nonnegative());
const corner = z.tuple([index, index, index]);

export const promptMaskSchema: z.ZodMiniType<PromptMask> = z
  .object({
    box: z.object({ min: corner, max: corner }),
    bits: z.instanceof(Uint8Array),
    quality: z.nullable(z.number()),
  })
  .check(
    z.refine(
      ({ box: { min, max }, bits }) =>
        bits.length === (max[0] - min[0] + 1) * (max[1] - min[1] + 1) * (max[2] - min[2] + 1),
      { path: ['bits'], message: 'as many bits as the box has voxels' },
    ),
  );
