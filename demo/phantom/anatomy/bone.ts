import type { Texture } from './texture.ts';
import { clamp } from './smooth.ts';

/** HU of bone at a depth below its surface: a compact shell around spongy bone. */
export function bone(shell: number, texture: Texture): (depth: number, x: number, y: number, z: number) => number {
  return (depth, x, y, z) => {
    const spongy = clamp((depth - shell) / 1.2, 0, 1);
    return 720 + (185 + 45 * texture(x, y, z) - 720) * spongy;
  };
}
