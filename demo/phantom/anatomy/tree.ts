import { seeded, type Random } from '../random.ts';
import { clamp, type Point } from './smooth.ts';

/** One piece of a branching tree; radii in millimetres follow from what hangs on it. */
export interface Branch {
  readonly from: Point;
  readonly to: Point;
  readonly radius: number;
}

interface Node {
  readonly at: Point;
  readonly parent: number;
  /** Way to the root along the tree, millimetres. */
  readonly way: number;
  leaves: number;
}

export interface TreeOptions {
  readonly root: Point;
  readonly seed: number;
  readonly targets: readonly Point[];
  /** Radius of a twig with one end, millimetres. */
  readonly twig: number;
  /** Signed distance to the organ's surface, negative inside: branches bend away from it. */
  readonly organ: (x: number, y: number, z: number) => number;
}

const piece = 4;
/** How much a short way from the root counts against little new tube (the balancing factor of Cuntz et al., 2010). */
const balance = 0.45;
/** Murray's exponent: what flows in flows out. */
const exponent = 2.75;

/**
 * A tree that reaches every target: each is joined to the node from which little new tube and a short way from the
 * root together cost least, nearest targets first. Radii obey Murray's law from the twigs down.
 */
export function growTree({ root, seed, targets, twig, organ }: TreeOptions): Branch[] {
  const random = seeded(seed);
  const nodes: Node[] = [{ at: root, parent: -1, way: 0, leaves: 0 }];
  const ordered = [...targets].sort((a, b) => between(a, root) - between(b, root));
  // The first, coarse half lays the main branches; the rest fills in.
  const coarse = ordered.filter((_, index) => index % 9 === 0);
  const rest = ordered.filter((_, index) => index % 9 !== 0);
  for (const target of [...coarse, ...rest]) grow(nodes, target, organ, random);
  return nodes.slice(1).map(({ at, parent, leaves }) => ({
    from: nodes[parent]!.at,
    to: at,
    radius: twig * Math.max(1, leaves) ** (1 / exponent),
  }));
}

function grow(nodes: Node[], target: Point, organ: TreeOptions['organ'], random: Random): void {
  let best = 0;
  let cost = Infinity;
  for (const [index, node] of nodes.entries()) {
    const total = between(node.at, target) + balance * node.way;
    if (total < cost) [best, cost] = [index, total];
  }
  const start = nodes[best]!;
  const length = between(start.at, target);
  const count = Math.max(1, Math.round(length / piece));
  const sway = 0.1 * Math.min(length, 40);
  const bend: Point = [random.between(-sway, sway), random.between(-sway, sway), random.between(-sway, sway)];
  let parent = best;
  for (let step = 1; step <= count; step += 1) {
    const share = step / count;
    const arc = Math.sin(Math.PI * share);
    const axis = (n: 0 | 1 | 2) => start.at[n] + (target[n] - start.at[n]) * share + bend[n] * arc;
    const at = keptInside([axis(0), axis(1), axis(2)], organ, step === count ? 0 : 1);
    nodes.push({ at, parent, way: nodes[parent]!.way + between(nodes[parent]!.at, at), leaves: 0 });
    parent = nodes.length - 1;
  }
  for (let at = parent; at >= 0; at = nodes[at]!.parent) nodes[at]!.leaves += 1;
}

/** A point too near the organ's surface is moved inwards along its normal. */
function keptInside(point: Point, organ: TreeOptions['organ'], margin: number): Point {
  const [x, y, z] = point;
  const distance = organ(x, y, z);
  if (margin === 0 || distance < -margin || distance > 12) return point;
  const gradient: Point = [organ(x + 1, y, z) - distance, organ(x, y + 1, z) - distance, organ(x, y, z + 1) - distance];
  const length = Math.hypot(...gradient) || 1;
  const by = clamp(distance + margin + 1, 0, 6) / length;
  return [x - gradient[0] * by, y - gradient[1] * by, z - gradient[2] * by];
}

const between = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
