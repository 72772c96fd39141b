export { manifestSchema, type Manifest } from './manifest.ts';
