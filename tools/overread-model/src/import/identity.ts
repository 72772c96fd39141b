import { newUID } from '@overread/core/dicom';
import type { ManifestSource } from '@overread/core/model';
import { slug } from '../package/slug.ts';
import { sourceFault } from './fault.ts';

/** Who and what a source says it is. */
export interface SourceIdentity {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly authors: string;
  readonly intendedUse: string;
  readonly licence: string;
  /** Field of the version, for an error. */
  readonly versionField: string;
}

type Identity = Pick<
  ManifestSource,
  | 'manifest'
  | 'id'
  | 'version'
  | 'title'
  | 'summary'
  | 'manufacturer'
  | 'deviceUID'
  | 'intendedUse'
  | 'limitations'
  | 'regulatoryStatus'
  | 'licence'
  | 'authors'
>;

const longestTitle = 64;

/** @throws OverreadError `model.source-invalid` where the version is none */
export function identityOf(source: SourceIdentity): Identity {
  if (!/^\d+\.\d+\.\d+$/.test(source.version)) {
    throw sourceFault(source.versionField, `'${source.version}' is no version such as 1.2.0`);
  }
  const title = source.name.slice(0, longestTitle);
  return {
    manifest: 1,
    id: slug(source.name),
    version: source.version,
    title,
    summary: source.summary,
    manufacturer: source.authors.slice(0, longestTitle),
    deviceUID: newUID(),
    intendedUse: source.intendedUse,
    limitations: ['Imported from its source without an evaluation of this package: not for diagnosis.'],
    regulatoryStatus: 'Research use only',
    licence: source.licence,
    authors: [source.authors],
  };
}
