import { bump, mix, step } from './smooth.ts';

/**
 * The trunk as surfaces around its long axis: distance from the axis (x = 0, y = 0) by angle and height.
 * Angle 0 points to the back (+y), positive angles to the patient's left; millimetres and radians.
 */

function superellipse(angle: number, halfWidth: number, halfDepth: number, power: number): number {
  const u = Math.abs(Math.sin(angle)) / halfWidth;
  const v = Math.abs(Math.cos(angle)) / halfDepth;
  return (u ** power + v ** power) ** (-1 / power);
}

const front = (angle: number) => Math.PI - Math.abs(angle);

/** Skin. */
export function bodyRadius(angle: number, z: number): number {
  const shoulders = step(z, 55, 125);
  const halfWidth = 154 + 4 * Math.sin(z / 70) + 14 * shoulders - 10 * step(z, 120, 150);
  const isBack = Math.cos(angle) > 0;
  const halfDepth = isBack ? 112 - 4 * shoulders : 110 - 14 * step(z, 70, 145) + 4 * bump(z + 90, 60);
  const base = superellipse(angle, halfWidth, halfDepth, 2.45);
  const pectoral = 9 * bump(front(angle) - 0.55, 0.28) * bump(z - 35, 45);
  const sternalGroove = 5 * bump(front(angle), 0.16) * step(z, -60, 20);
  const spinalGroove = 5 * bump(angle, 0.12);
  const shoulderBlade = 4 * bump(Math.abs(angle) - 0.75, 0.25) * bump(z - 70, 45);
  return base + pectoral + shoulderBlade - sternalGroove - spinalGroove;
}

/** Depth of skin and subcutaneous fat, measured from the skin inwards. */
export function fatThickness(angle: number, z: number): number {
  const side = bump(Math.abs(angle) - 1.75, 0.55);
  const chest = bump(front(angle) - 0.6, 0.35) * bump(z - 20, 50);
  return 8.5 + 7 * side * step(-z, -70, 60) + 6 * chest + 4 * step(-z, 30, 130) - 2 * bump(angle, 0.3);
}

/** Parietal pleura: the inside of the rib cage, with the spine's column bulging in from the back. */
export function cageRadius(angle: number, z: number): number {
  const narrowing = step(z, 10, 130);
  const flare = step(-z, 40, 140);
  const halfWidth = mix(129, 70, narrowing) + 3 * flare;
  const isBack = Math.cos(angle) > 0;
  const halfDepth = isBack ? mix(89, 72, narrowing) : mix(79, 60, narrowing) + 5 * flare;
  const base = superellipse(angle, halfWidth, halfDepth, 2.25);
  const spine = 50 * bump(angle, 0.34);
  return base - spine;
}

/** Centre of the vertebral bodies, from the axis towards the back: a gentle kyphosis. */
export function spineDepth(z: number): number {
  return 54 + 6 * (1 - (z / 130) ** 2);
}
