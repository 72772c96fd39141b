export type { Grid, IndexBox, Matrix4, Vec3 } from './types.ts';
