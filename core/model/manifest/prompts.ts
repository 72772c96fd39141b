import * as z from 'zod/mini';
import { fewer, field, findingKind, packageFile } from './values.ts';

/** Of an encoder's input, or a decoder's mask: Segment Anything has 1024 and 256. */
const extent = fewer(8192);

const previousMask = z.strictObject({
  name: field('Decoder input [1, 1, h, w].', z.string()),
  has: field('Decoder input [1]: 1 where there is a mask, else 0.', z.string()),
  size: field('h and w.', z.tuple([extent, extent])),
});

export const prompts = z.strictObject({
  decoder: field('The decoder’s ONNX graph.', packageFile),
  embeddings: field('Encoder output to decoder input, by name.', z.record(z.string(), z.string())),
  fit: field(
    'The slice is scaled, its aspect kept, to fit into [H, W] of the encoder’s input and padded with zeros at its ends (Segment Anything: ' +
      '[1024, 1024]). Absent: it is given as large as it is.',
    z.optional(z.tuple([extent, extent])),
  ),
  points: field('Decoder input [1, N, 2]: x and y in voxels of the encoder’s input.', z.string()),
  pointLabels: field(
    'Decoder input [1, N]: 1 inside, 0 outside, 2 and 3 the corners of a box, -1 padding.',
    z.string(),
  ),
  previousMask: field('Decoder inputs for the mask so far; absent where it takes none.', z.optional(previousMask)),
  constants: field(
    'Further decoder inputs with fixed values.',
    z._default(z.record(z.string(), z.array(z.number())), {}),
  ),
  masks: field('Decoder output [1, M, h, w], logits; resized to the encoder’s input where smaller.', z.string()),
  quality: field(
    'Decoder output [1, M]: predicted quality; the best mask is taken. Absent: the first.',
    z.optional(z.string()),
  ),
  threshold: field('Logits above this are the mask.', z._default(z.number(), 0)),
  finding: field('What a mask is.', findingKind),
});
