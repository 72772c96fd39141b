import type { Volume } from '@overread/core/volume';

const arrayTypes = [Uint8Array, Int16Array, Uint16Array, Float32Array] as const;

/** Fetches a volume that `volumeFiles` laid out: `volume.json` with the name of the array type for `samples`, and `samples.bin`. */
export async function servedVolume(folder: string): Promise<Volume> {
  const facts = (await (await fetch(`${folder}volume.json`)).json()) as Omit<Volume, 'samples'> & { samples: string };
  const octets = await (await fetch(`${folder}samples.bin`)).arrayBuffer();
  const Samples = arrayTypes.find(({ name }) => name === facts.samples) ?? Float32Array;
  return { ...facts, samples: new Samples(octets) };
}
