import { volumeArrays, type Volume } from '@overread/core/volume';

/** By the name of the channel that they are. */
export type Volumes = Readonly<Record<string, Volume>>;

/** The volume with its arrays in buffers of their own, so that moving them takes nothing else along. */
export function movable(volume: Volume): Volume {
  const { samples, colour } = volume;
  const own = <A extends Volume['samples']>(array: A): A =>
    array.byteLength === array.buffer.byteLength ? array : (array.slice() as A);
  if (colour === undefined) return { ...volume, samples: own(samples) };
  return { ...volume, samples: own(samples), colour: [own(colour[0]), own(colour[1]), own(colour[2])] };
}

/** The same, of several. */
export function allMovable(volumes: Volumes): Volumes {
  return Object.fromEntries(Object.entries(volumes).map(([name, volume]) => [name, movable(volume)]));
}

/** What moves along with a message. */
export function buffersOf(volume: Volume): ArrayBuffer[] {
  return volumeArrays(volume)
    .map(({ buffer }) => buffer)
    .filter((buffer) => buffer instanceof ArrayBuffer);
}
