import { attributeOf, intAttribute, intsAttribute } from '../attribute.ts';
import type { ElementType } from '../onnx/element-type.ts';
import type { NodeProto } from '../onnx/types.ts';
import { standardDomain } from '../standard-domain.ts';
import { constantOf } from './constant.ts';
import { numbersOf } from '../tensor/numbers.ts';
import { gathered, joined, sliced, transposed } from './moving.ts';
import { elementwise, knownNumbers, smallConstant, smallList, smallTensor, type SmallTensor } from './small-tensor.ts';
import type { ValueType } from './value-type.ts';

/** What a node reads and makes, as far as it is known. */
export interface Reckoned {
  readonly types: readonly ValueType[];
  readonly values: readonly (SmallTensor | null)[];
  /** Of the first output, after its shape was inferred. */
  readonly made: ValueType;
}

type Number1 = (a: number) => number;
type Number2 = (a: number, b: number) => number;

const ofOne: Readonly<Record<string, Number1>> = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Floor: Math.floor,
  Identity: (a) => a,
  Neg: (a) => -a,
  Not: (a) => (a === 0 ? 1 : 0),
  Sqrt: Math.sqrt,
};
const ofTwo: Readonly<Record<string, Number2>> = {
  Add: (a, b) => a + b,
  And: (a, b) => a * b,
  Equal: (a, b) => Number(a === b),
  Greater: (a, b) => Number(a > b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b),
  Max: Math.max,
  Min: Math.min,
  Mul: (a, b) => a * b,
  Or: Math.max,
  Pow: (a, b) => a ** b,
  Sub: (a, b) => a - b,
};
/** Of all values; `start` is what there is of none. */
const ofAll: Readonly<Record<string, { readonly of: Number2; readonly start: number }>> = {
  ReduceMax: { of: Math.max, start: -Infinity },
  ReduceMin: { of: Math.min, start: Infinity },
  ReduceProd: { of: (a, b) => a * b, start: 1 },
  ReduceSum: { of: (a, b) => a + b, start: 0 },
};

/**
 * The small values that a node makes: what exporters write to reckon with extents (Shape, Gather, Concat, arithmetic …) before a Reshape, an
 * Expand or a Resize. Null where they are not known, or many.
 */
export function reckoned(node: NodeProto, read: Reckoned): SmallTensor | null {
  if (!standardDomain(node.domain)) return null;
  const result = inType(calculated(node, read), read.made.type);
  // What was reckoned and what was inferred of its shape are two accounts of one thing.
  const { shape } = read.made;
  const agrees = shape === null || result === null || shape.length === result.dims.length;
  return agrees ? result : null;
}

function calculated(node: NodeProto, { types, values, made }: Reckoned): SmallTensor | null {
  const { opType } = node;
  const [first = null, second = null, third = null] = values;
  const one = ofOne[opType];
  if (one !== undefined) return first && elementwise([first], ([a = null]) => (a === null ? null : one(a)));
  const two = ofTwo[opType];
  if (two !== undefined) return folded(values, two);
  const all = ofAll[opType];
  if (all !== undefined) return total(node, first, made, all);
  switch (opType) {
    case 'Constant': {
      const tensor = constantOf(node);
      return tensor === undefined ? null : smallConstant(tensor);
    }
    case 'Shape':
      return shapeValues(node, types[0]);
    case 'Size': {
      const extents = types[0]?.shape ?? [null];
      return smallTensor([], () => extents.reduce((product, extent) => times(product, extent), 1));
    }
    case 'Cast':
      return first;
    case 'Div':
      return first && second && elementwise([first, second], ([a = null, b = null]) => quotient(a, b, made.type));
    case 'Mod':
      return first && second && elementwise([first, second], ([a = null, b = null]) => remainder(a, b, node));
    case 'Where':
      return (
        first &&
        second &&
        third &&
        elementwise([first, second, third], ([which = null, yes = null, no = null]) => {
          if (which === null) return yes === no ? yes : null;
          return which === 0 ? no : yes;
        })
      );
    case 'Flatten':
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
      return first && asShaped(first, made);
    case 'Expand':
      return expanded(first, made);
    case 'ConstantOfShape':
      return filled(node, made);
    case 'Concat':
      return joined(node, values);
    case 'Gather':
      return gathered(node, first, second);
    case 'Slice':
      return sliced(node, values);
    case 'Transpose':
      return transposed(node, first);
    case 'Range':
      return ranged(first, second, third);
    default:
      return null;
  }
}

function folded(values: readonly (SmallTensor | null)[], of: Number2): SmallTensor | null {
  const [first, ...others] = values;
  return others.reduce<SmallTensor | null>(
    (sum, value) =>
      sum && value && elementwise([sum, value], ([a = null, b = null]) => (a === null || b === null ? null : of(a, b))),
    first ?? null,
  );
}

/** Over all axes; over some of them only where that is all there is. */
function total(
  node: NodeProto,
  first: SmallTensor | null,
  { shape }: ValueType,
  { of, start }: { readonly of: Number2; readonly start: number },
): SmallTensor | null {
  const numbers = knownNumbers(first);
  const axes = intsAttribute(node, 'axes');
  if (numbers === null || first === null || (first.dims.length > 1 && axes !== null)) return null;
  const value = numbers.reduce(of, start);
  const keeps = intAttribute(node, 'keepdims', 1) === 1;
  if (shape !== null && shape.some((extent) => extent !== 1)) return null;
  return smallTensor(keeps ? first.dims.map(() => 1) : [], () => value);
}

function shapeValues(node: NodeProto, type: ValueType | undefined): SmallTensor | null {
  const shape = type?.shape ?? null;
  if (shape === null) return null;
  const end = intAttribute(node, 'end', null);
  return smallList(shape.slice(intAttribute(node, 'start', 0), end ?? undefined));
}

function times(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a * b;
}

function quotient(a: number | null, b: number | null, type: ElementType | null): number | null {
  if (a === null || b === null || b === 0) return null;
  return isWhole(type) ? Math.trunc(a / b) : a / b;
}

/** With the sign of the divisor, as Python has it; with `fmod` that of what is divided. */
function remainder(a: number | null, b: number | null, node: NodeProto): number | null {
  if (a === null || b === null || b === 0) return null;
  return intAttribute(node, 'fmod', 0) === 1 ? a % b : a - Math.floor(a / b) * b;
}

/** The same values in the shape that was inferred, as far as that is known. */
function asShaped({ values }: SmallTensor, { shape }: ValueType): SmallTensor | null {
  if (shape === null || shape.includes(null)) return null;
  const dims = shape as readonly number[];
  const made = smallTensor(dims, (_, n) => values[n] ?? null);
  return made?.values.length === values.length ? made : null;
}

function expanded(first: SmallTensor | null, { shape }: ValueType): SmallTensor | null {
  if (first === null || shape === null || shape.includes(null)) return null;
  const frame = smallTensor(shape as readonly number[], () => 0);
  return frame && elementwise([first, frame], ([a = null]) => a);
}

function filled(node: NodeProto, { shape }: ValueType): SmallTensor | null {
  if (shape === null || shape.includes(null)) return null;
  const value = attributeOf(node, 'value')?.t;
  const of = value === undefined ? 0 : (numbersOf(value)?.[0] ?? null);
  return smallTensor(shape as readonly number[], () => of);
}

function ranged(...settings: readonly (SmallTensor | null)[]): SmallTensor | null {
  const [start, limit, step] = settings.map((setting) => setting?.values[0] ?? null);
  if (start == null || limit == null || step == null || step === 0) return null;
  const count = Math.max(0, Math.ceil((limit - start) / step));
  return smallTensor([count], (_, n) => start + n * step);
}

/** As the type holds them; what it does not hold is not known. */
function inType(tensor: SmallTensor | null, type: ElementType | null): SmallTensor | null {
  if (tensor === null) return null;
  const held = (value: number | null): number | null => {
    if (value === null || !Number.isFinite(value)) return null;
    if (type === 'float32') return Math.fround(value);
    if (type === 'bool') return value === 0 ? 0 : 1;
    const whole = isWhole(type) ? Math.trunc(value) : value;
    return isWhole(type) && !Number.isSafeInteger(whole) ? null : whole;
  };
  return { dims: tensor.dims, values: tensor.values.map(held) };
}

function isWhole(type: ElementType | null): boolean {
  return type === 'int64' || type === 'int32';
}
