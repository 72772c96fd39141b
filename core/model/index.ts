export { manifestSchema, type Manifest, type ManifestSource } from './manifest/index.ts';
export { parseManifest, readManifest } from './parse-manifest.ts';
export { matchesClaim, sha256Hex, verifyFile, type FileClaim } from './integrity.ts';
export { loadModel, type FetchModelFile, type LoadedModel } from './load-model.ts';
export { packedFiles, packedManifest, packModel, unpackModel, type PackageFiles } from './pack.ts';
export { manifestJsonSchema } from './json-schema.ts';
export { chooseSeries, type SeriesCandidate, type SeriesChoice } from './choose-series.ts';
export { seriesFacts, type SeriesFacts } from './series-facts.ts';
export { applicability, type Applicability, type SeriesDescription } from './applicability.ts';
