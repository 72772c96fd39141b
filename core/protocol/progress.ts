import * as z from 'zod/mini';
import type { Progress } from '../pipeline/index.ts';

export const progressSchema: z.ZodMiniType<Progress> = z.object({
  stage: z.enum(['images', 'download', 'load', 'self-test', 'prepare', 'tile', 'assemble']),
  done: z.number().check(z.nonnegative()),
  total: z.number().check(z.nonnegative()),
  unit: z.enum(['images', 'bytes', 'tiles', 'steps']),
  remainingMilliseconds: z.nullable(z.number()),
});
