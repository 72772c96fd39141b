import * as z from 'zod/mini';
import { count, findingKind, packageFile } from './values.ts';

/**
 * A promptable model (in the manner of Segment Anything): the package's `graph` is the encoder, run once per slice; the decoder answers each prompt
 * from its embeddings, which stay in memory only.
 */
export const prompts = z.strictObject({
  decoder: packageFile,
  /** Encoder output to decoder input, by name. */
  embeddings: z.record(z.string(), z.string()),
  /**
   * The slice is scaled, its aspect kept, to fit into [H, W] of the encoder's input and padded with zeros at its ends (Segment Anything:
   * [1024, 1024]). Absent: it is given as large as it is.
   */
  fit: z.optional(z.tuple([count, count])),
  /** Decoder input [1, N, 2], x and y in voxels of the encoder's input. */
  points: z.string(),
  /** Decoder input [1, N]: 1 inside, 0 outside, 2 and 3 the corners of a box, -1 padding. */
  pointLabels: z.string(),
  /** Decoder input [1, 1, h, w] for the mask so far and [1] whether there is one; absent where it takes none. */
  previousMask: z.optional(z.strictObject({ name: z.string(), has: z.string(), size: z.tuple([z.int(), z.int()]) })),
  /** Further decoder inputs with fixed values. */
  constants: z._default(z.record(z.string(), z.array(z.number())), {}),
  /** Decoder output [1, M, h, w], logits; resized to the encoder's input where smaller. */
  masks: z.string(),
  /** Decoder output [1, M]: predicted quality; the best mask is taken. Absent: the first. */
  quality: z.optional(z.string()),
  threshold: z._default(z.number(), 0),
  finding: findingKind,
});
