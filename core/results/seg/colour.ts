import type { Vec3 } from '../../geometry/index.ts';

/** White of the profile connection space, D50 (ICC.1, section 7.2.16). */
const white: Vec3 = [0.9642, 1, 0.8249];

/** Linear sRGB to XYZ of D50 (sRGB primaries, Bradford adapted from D65; IEC 61966-2-1 amendment 1). */
const toXyz: readonly [Vec3, Vec3, Vec3] = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
];
const fromXyz: readonly [Vec3, Vec3, Vec3] = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
];

const apply = (rows: readonly [Vec3, Vec3, Vec3], v: Vec3): Vec3 => {
  const row = (r: Vec3) => r[0] * v[0] + r[1] * v[1] + r[2] * v[2];
  return [row(rows[0]), row(rows[1]), row(rows[2])];
};
const each = (v: Vec3, f: (x: number) => number): Vec3 => [f(v[0]), f(v[1]), f(v[2])];
const clamp = (x: number, most: number) => Math.min(Math.max(Math.round(x), 0), most);

const linear = (x: number) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
const companded = (x: number) => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);
const curve = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116);
const uncurve = (f: number) => (f > 6 / 29 ? f ** 3 : (f - 16 / 116) * ((116 * 27) / 24389));

/** sRGB (0 to 255) as Recommended Display CIELab Value (PS3.3 C.10.7.1.1): L* 0 to 100, a* and b* -128 to 127, each over 0 to 65535. */
export function rgbToDicomLab(rgb: Vec3): readonly number[] {
  const xyz = apply(
    toXyz,
    each(rgb, (c) => linear(c / 255)),
  );
  const [x, y, z] = [curve(xyz[0] / white[0]), curve(xyz[1] / white[1]), curve(xyz[2] / white[2])];
  const [l, a, b] = [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  return [
    clamp((l * 65535) / 100, 65535),
    clamp(((a + 128) * 65535) / 255, 65535),
    clamp(((b + 128) * 65535) / 255, 65535),
  ];
}

/** The inverse, rounded to whole sRGB values and kept in range. */
export function dicomLabToRgb(lab: Vec3): Vec3 {
  const [l, a, b] = [(lab[0] * 100) / 65535, (lab[1] * 255) / 65535 - 128, (lab[2] * 255) / 65535 - 128];
  const y = (l + 16) / 116;
  const xyz: Vec3 = [uncurve(y + a / 500) * white[0], uncurve(y) * white[1], uncurve(y - b / 200) * white[2]];
  return each(apply(fromXyz, xyz), (c) => clamp(companded(c) * 255, 255));
}
