import type { LoadedModel } from '@overread/core/model';
import type { Volume } from '@overread/core/volume';
import type { PackageFiles } from '../test-models.ts';

/** A volume as the page's `servedVolume` fetches it. */
export function volumeFiles(volume: Volume): PackageFiles {
  const { buffer, byteOffset, byteLength } = volume.samples;
  return {
    'samples.bin': new Uint8Array(buffer, byteOffset, byteLength),
    'volume.json': new TextEncoder().encode(JSON.stringify({ ...volume, samples: volume.samples.constructor.name })),
  };
}

/** A loaded model as the files of its package. */
export function packageFiles({ manifest, graph }: LoadedModel): PackageFiles {
  return {
    'model.json': new TextEncoder().encode(JSON.stringify(manifest)),
    [manifest.graph.path]: graph,
    [manifest.card]: new TextEncoder().encode('# Test model\n'),
  };
}
