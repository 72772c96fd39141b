import { diaphragmHeight, fissureDistance, lungDistance } from './anatomy/lungs.ts';
import { bump, coverage, ellipsoid, mix, step, type Point } from './anatomy/smooth.ts';
import { texture, type Texture } from './anatomy/texture.ts';
import { bodyRadius, cageRadius, fatThickness } from './anatomy/torso.ts';
import { label, type Canvas } from './canvas.ts';

const angles = 1440;

/** Surfaces of one layer by angle; `tilt` turns a difference of radii into a distance. */
interface Surface {
  readonly radius: Float32Array;
  readonly tilt: Float32Array;
}

function surface(radiusAt: (angle: number) => number): Surface {
  const step = (2 * Math.PI) / angles;
  const radius = Float32Array.from({ length: angles + 1 }, (_, index) => radiusAt(index * step - Math.PI));
  const tilt = radius.map((value, index) => {
    const slope = (radius[(index + 1) % angles]! - radius[(index + angles - 1) % angles]!) / (2 * step);
    return value / Math.hypot(value, slope);
  });
  return { radius, tilt };
}

/** Columns and rows between points where the lungs' surface is worked out; in between it is nearly straight. */
const coarse = 4;

/** Skin, fat, muscle, pleural cavity with lungs, and what fills the chest around organs: the ground that others paint on. */
export function paintBackground(canvas: Canvas, seed: number): void {
  const { columns, rows, layers, pixelSpacing, layerSpacing, origin, hu, labels } = canvas;
  const soft = texture(seed + 1, 7);
  const fine = texture(seed + 2, 2.2);
  const pixels = columns * rows;
  const polar = polarGrid(canvas);
  for (let k = 0; k < layers; k += 1) {
    const z = origin[2] + k * layerSpacing;
    const body = surface((angle) => bodyRadius(angle, z));
    const muscle = surface((angle) => bodyRadius(angle, z) - fatThickness(angle, z));
    const cage = surface((angle) => cageRadius(angle, z));
    const lungAt = lungLayer(canvas, z);
    const outside = Math.max(...body.radius) + 1;
    for (let at = 0; at < pixels; at += 1) {
      const distance = polar.distances[at]!;
      if (distance > outside) continue;
      const turn = polar.turns[at]!;
      const index = turn | 0;
      const rest = turn - index;
      const skin = below(distance, body, index, rest);
      if (skin > 0.5) continue;
      const column = at % columns;
      const row = (at / columns) | 0;
      const x = origin[0] + column * pixelSpacing;
      const y = origin[1] + row * pixelSpacing;
      const inner = below(distance, cage, index, rest);
      let value = 0;
      if (inner > -0.5) {
        const layer = below(distance, muscle, index, rest);
        value = mix(-1000, wall({ skin, layer, inner }, x, y, z, soft, fine), coverage(skin));
      }
      if (inner < 0.5) {
        const lung = lungAt(column, row);
        const around = lung > -0.5 ? chestFilling(x, y, z, soft, fine) : 0;
        const inside = lung < 0.5 ? mix(around, parenchyma(x, y, z, soft, fine), coverage(lung)) : around;
        value = mix(value, inside, coverage(inner));
        if (lung < 0 && inner < 0) labels[at + pixels * k] = label.lung;
      }
      hu[at + pixels * k] = Math.round(value);
    }
  }
}

function polarGrid({ columns, rows, pixelSpacing, origin }: Canvas): { distances: Float32Array; turns: Float32Array } {
  const distances = new Float32Array(columns * rows);
  const turns = new Float32Array(columns * rows);
  for (let at = 0; at < distances.length; at += 1) {
    const x = origin[0] + (at % columns) * pixelSpacing;
    const y = origin[1] + Math.floor(at / columns) * pixelSpacing;
    distances[at] = Math.hypot(x, y);
    turns[at] = ((Math.atan2(x, y) + Math.PI) / (2 * Math.PI)) * angles;
  }
  return { distances, turns };
}

/** Signed distance to a surface, negative inside. */
function below(distance: number, { radius, tilt }: Surface, index: number, rest: number): number {
  const here = radius[index]!;
  return (distance - (here + (radius[index + 1]! - here) * rest)) * tilt[index]!;
}

/** Distance to the lungs' surface over one layer, by column and row. */
function lungLayer({ columns, pixelSpacing, origin }: Canvas, z: number): (column: number, row: number) => number {
  const across = Math.ceil(columns / coarse) + 1;
  const points = new Float32Array(across * across);
  const spacing = pixelSpacing * coarse;
  for (let at = 0; at < points.length; at += 1) {
    points[at] = lungDistance(origin[0] + (at % across) * spacing, origin[1] + Math.floor(at / across) * spacing, z);
  }
  return (column, row) => {
    const i = (column / coarse) | 0;
    const j = (row / coarse) | 0;
    const at = i + across * j;
    const u = column / coarse - i;
    const v = row / coarse - j;
    const top = points[at]! + (points[at + 1]! - points[at]!) * u;
    const bottom = points[at + across]! + (points[at + across + 1]! - points[at + across]!) * u;
    return top + (bottom - top) * v;
  };
}

interface WallDepths {
  /** Signed distances, negative inside: to the skin, the muscles' surface, the pleura. */
  readonly skin: number;
  readonly layer: number;
  readonly inner: number;
}

/** Skin, subcutaneous fat, and the muscles of the chest wall with the fat between them. */
function wall(
  { skin, layer, inner }: WallDepths,
  x: number,
  y: number,
  z: number,
  soft: Texture,
  fine: Texture,
): number {
  if (layer > 0.5) return subcutaneous(skin, x, y, z, soft, fine);
  const thickness = inner - layer;
  const share = inner / Math.max(thickness, 1);
  const wander = 0.1 * soft(x * 0.35, y * 0.35, z * 0.2);
  const deep = (share - 0.42 - wander) * thickness;
  const shallow = (share - 0.7 + wander) * thickness;
  let fat = 0;
  if (Math.abs(deep) < 3) fat += bump(deep, 0.8) * step(thickness, 8, 14);
  if (Math.abs(shallow) < 3) fat += bump(shallow, 0.8) * step(thickness, 16, 24);
  // The planes between muscles come and go.
  if (fat > 0) fat *= step(soft(x * 0.16 + 50, y * 0.16, z * 0.1), -0.7, 0.3);
  fat += axillaryFat(x, y, z) * step(inner, 5, 9) * step(-layer, 3, 8);
  // Between muscle bundles.
  fat += 0.35 * step(fine(x * 0.7, y * 0.7, z * 0.15), 1.1, 1.9);
  const muscle = mix(54 + 6 * soft(x, y, z), -85, Math.min(1, fat));
  if (layer < -0.5) return muscle;
  return mix(subcutaneous(skin, x, y, z, soft, fine), muscle, coverage(layer, 1));
}

/** Fat with faint strands in it, under the skin. */
function subcutaneous(skin: number, x: number, y: number, z: number, soft: Texture, fine: Texture): number {
  const fat = -104 + 7 * soft(x, y, z) + 5 * fine(x, y, z);
  if (skin > -2.2) return mix(fat, 20, coverage(-skin - 1.6, 1));
  const strand = Math.abs(soft(x * 0.5, y * 0.5, z * 0.3) - 0.2);
  return strand > 0.15 ? fat : fat + 45 * bump(strand, 0.05) * step(-skin, 3, 6);
}

/** The armpit's fat, between the muscles that run to the arm. */
function axillaryFat(x: number, y: number, z: number): number {
  const side = ellipsoid(Math.abs(x), y, z, [140, 6, 82], [22, 34, 62]);
  return coverage(side, 8);
}

/** Aerated lung: denser towards the back, where a lying patient's blood goes; fissures as thin bright sheets. */
function parenchyma(x: number, y: number, z: number, soft: Texture, fine: Texture): number {
  const gravity = -872 + 0.42 * (y + 60) + 0.06 * (z + 80);
  const sheet = fissureDistance(x, y, z);
  const fissure = sheet < 2.5 ? 150 * bump(sheet, 0.6) : 0;
  return gravity + 9 * soft(x, y, z) + 13 * fine(x, y, z) + fissure;
}

const neckCentre: Point = [0, 6, 0];
const neckRadii: Point = [50, 34, 60];
const liverCentre: Point = [-42, -12, -120];
const liverRadii: Point = [94, 84, 74];
const spleenCentre: Point = [86, 40, -110];
const spleenRadii: Point = [32, 42, 42];
const stomachCentre: Point = [58, -20, -106];
const stomachRadii: Point = [44, 46, 40];

/** Above the lungs the neck's muscles begin around windpipe and vessels, with fat between them. */
function neckMuscle(x: number, y: number, z: number, soft: Texture): number {
  if (z < 92) return 0;
  const core = ellipsoid(x, y, 0, neckCentre, neckRadii) + 5 * soft(x * 0.3, y * 0.3, z * 0.15);
  const gap = bump(soft(x * 0.3 + 90, y * 0.3, z * 0.1) - 0.1, 0.12);
  return step(z, 96, 118) * step(core, -3, 2) * (1 - 0.9 * gap);
}

/** Fat of the mediastinum above the diaphragm; below it the organs of the upper abdomen. */
function chestFilling(x: number, y: number, z: number, soft: Texture, fine: Texture): number {
  const fat = -96 + 8 * soft(x, y, z) + 5 * fine(x, y, z);
  const under = diaphragmHeight(x, y) - z;
  if (under < 0) return mix(fat, 52 + 6 * soft(x, y, z), neckMuscle(x, y, z, soft));
  // The muscle itself.
  if (under < 2.5) return mix(fat, 48, step(under, 0, 1));
  const liver = Math.max(ellipsoid(x, y, z, liverCentre, liverRadii), -(under - 1.5));
  const spleen = Math.max(ellipsoid(x, y, z, spleenCentre, spleenRadii), -(under - 2));
  const stomach = Math.max(ellipsoid(x, y, z, stomachCentre, stomachRadii), -(under - 3));
  // Lying on the back, the stomach's gas rises to the front; fluid keeps a level.
  const content = mix(12, -985, coverage(y + 34, 1.2));
  const inStomach = mix(45, content, coverage(stomach + 3.5, 1));
  let value = mix(fat, 58 + 3 * soft(x, y, z), coverage(liver, 1));
  value = mix(value, 50 + 3 * soft(x, y, z), coverage(spleen, 1));
  return mix(value, inStomach, coverage(stomach, 1));
}
