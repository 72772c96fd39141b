import * as z from 'zod/mini';
import { count, field } from './values.ts';

const tolerance = field('Allowed absolute difference.', z.number().check(z.positive()));

export const selfTest = z.strictObject({
  seed: field('Seed of the generated input.', z.int()),
  shape: field('Shape of the input: [1, C, D, H, W] or [N, C, H, W].', z.array(count)),
  range: field(
    'Least and greatest value of the generated input, in prepared units.',
    z.tuple([z.number(), z.number()]),
  ),
  expected: field(
    'Values expected at positions spread over the channels and the middle of the first output.',
    z.array(z.number()),
  ),
  tolerance,
  outputs: field(
    'The same of the other outputs that the manifest reads; absent in packages that were recorded before there was such a field.',
    z.optional(
      z.array(
        z.strictObject({
          name: field('Name of the graph output.', z.string().check(z.minLength(1))),
          expected: field('Values expected at positions spread over it.', z.array(z.number()).check(z.minLength(1))),
          tolerance,
        }),
      ),
    ),
  ),
  decoder: field(
    'Of a promptable model: what its decoder answers to the encoder’s answer and one point inside, in the middle of that input.',
    z.optional(
      z.strictObject({
        expected: field(
          'Values expected at positions spread over the masks and their middle.',
          z.array(z.number()).check(z.minLength(1)),
        ),
        tolerance,
      }),
    ),
  ),
});
