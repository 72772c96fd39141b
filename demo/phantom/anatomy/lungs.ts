import { cageRadius } from './torso.ts';
import { bump, common, ellipsoid, joined, length2, mix, step } from './smooth.ts';

/** Height of the diaphragm above a point of the floor: two domes, the right one higher, the heart's floor between them. */
export function diaphragmHeight(x: number, y: number): number {
  const u = (x + 66) / 60;
  const v = (y + 8) / 72;
  const right = -56 - 26 * u * u - 38 * v * v;
  const p = (x - 68) / 58;
  const q = (y + 4) / 70;
  const left = -68 - 26 * p * p - 36 * q * q;
  const r = (x - 8) / 46;
  const s = (y + 26) / 62;
  const middle = -74 - 22 * r * r - 30 * s * s;
  return -joined(joined(-right, -left, 12), -middle, 10);
}

/** Signed distance to the top of the pleural cavity: one dome for each lung. Negative below it. */
function apexDistance(x: number, y: number, z: number): number {
  const u = (Math.abs(x) - 46) / 34;
  const v = (y - 14) / 44;
  const height = 116 - 14 * (u * u + v * v);
  const slopeX = 0.82 * u;
  const slopeY = 0.64 * v;
  return (z - height) / Math.sqrt(1 + slopeX * slopeX + slopeY * slopeY);
}

function diaphragmDistance(x: number, y: number, z: number): number {
  const height = diaphragmHeight(x, y);
  const slopeX = diaphragmHeight(x + 1, y) - height;
  const slopeY = diaphragmHeight(x, y + 1) - height;
  return (height - z) / Math.sqrt(1 + slopeX * slopeX + slopeY * slopeY);
}

/** Signed distance to the surface of what lies between the lungs: heart, great vessels, hila, spine. Negative inside. */
function mediastinumDistance(x: number, y: number, z: number): number {
  // In front the lungs almost meet behind the sternum; behind, they reach around the spine.
  const width = mix(7 + 12 * step(z, 55, 105), 27, step(y, -66, -34)) - 6 * bump(y - 30, 18) * step(-z, -30, 20);
  let distance = Math.abs(x - 3) - width;
  distance = joined(distance, ellipsoid(x, y, z, [26, -26, -40], [57, 47, 50]), 10);
  distance = joined(distance, ellipsoid(x, y, z, [-18, -20, -32], [33, 37, 42]), 10);
  // Arch and descending aorta.
  distance = joined(distance, ellipsoid(x, y, z, [22, 10, 58], [21, 32, 20]), 8);
  distance = joined(distance, Math.max(length2(x - 22, y - 44) - 15, z - 60), 8);
  // Superior vena cava, ascending aorta, pulmonary trunk.
  distance = joined(distance, ellipsoid(x, y, z, [-24, -14, 45], [16, 22, 55]), 8);
  distance = joined(distance, ellipsoid(x, y, z, [20, -26, 24], [23, 24, 22]), 8);
  distance = joined(distance, ellipsoid(x, y, z, [-34, 14, 16], [15, 16, 24]), 8);
  distance = joined(distance, ellipsoid(x, y, z, [37, 16, 20], [14, 16, 24]), 8);
  return joined(distance, length2(x, (y - 58) * 1.1) - 24, 8);
}

/** Signed distance to the pleural cavity's wall, measured along the radius. */
function cageDistance(x: number, y: number, z: number): number {
  return length2(x, y) - cageRadius(Math.atan2(x, y), z);
}

/**
 * Signed distance to the lungs' surface in millimetres, negative inside either lung.
 * @param cage distance to the pleural wall where the caller knows it already.
 */
export function lungDistance(x: number, y: number, z: number, cage = cageDistance(x, y, z)): number {
  if (cage > 4) return cage;
  const ends = common(apexDistance(x, y, z), diaphragmDistance(x, y, z), 4);
  if (ends > 12) return ends;
  return common(common(cage, ends, 5), -mediastinumDistance(x, y, z), 5);
}

/** Signed distance to the nearest fissure's sheet: oblique on both sides, horizontal on the right. */
export function fissureDistance(x: number, y: number, z: number): number {
  const bow = 0.0012 * (x * x - 4000);
  const oblique = (z - 12 - 1.05 * (y - 8) - bow) / length2(1, 1.05);
  if (x > 0 || z < 12 + 1.05 * (y - 8)) return Math.abs(oblique);
  const horizontal = z - 22 - 0.1 * (x + 70) - 0.0015 * (y + 20) ** 2;
  return Math.min(Math.abs(oblique), Math.abs(horizontal));
}
