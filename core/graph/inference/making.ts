import { attributeOf, intAttribute, intsAttribute } from '../attribute.ts';
import { elementTypeOf } from '../onnx/element-type.ts';
import type { NodeProto } from '../onnx/types.ts';
import { unknownValue, type ValueType } from './value-type.ts';

/**
 * Values whose size settings tell and not what they are made of: a node of a few bytes makes as much of them as it likes, so that the memory of
 * a run is not known without them.
 * @param constant values of a constant input as numbers, by its place; null where it is not constant
 */
export function madeBySettings(
  node: NodeProto,
  inputs: readonly ValueType[],
  constant: (at: number) => readonly number[] | null,
): ValueType {
  const [first = unknownValue, second = unknownValue, third = unknownValue] = inputs;
  switch (node.opType) {
    case 'ConstantOfShape': {
      const value = attributeOf(node, 'value')?.t;
      return { type: value === undefined ? 'float32' : elementTypeOf(value.dataType), shape: constant(0) };
    }
    case 'RandomNormal':
    case 'RandomUniform':
      return { type: elementTypeOf(intAttribute(node, 'dtype', 1)), shape: intsAttribute(node, 'shape') };
    case 'EyeLike':
    case 'RandomNormalLike':
    case 'RandomUniformLike': {
      const dtype = intAttribute(node, 'dtype', null);
      return { type: dtype === null ? first.type : elementTypeOf(dtype), shape: first.shape };
    }
    case 'Range':
      return { type: first.type, shape: [rangeLength(constant(0), constant(1), constant(2))] };
    case 'OneHot': {
      if (first.shape === null) return { type: third.type, shape: null };
      const axis = intAttribute(node, 'axis', -1);
      const at = axis < 0 ? axis + first.shape.length + 1 : axis;
      // The number of classes is a scalar, or a list of one.
      return { type: third.type, shape: first.shape.toSpliced(at, 0, constant(1)?.[0] ?? null) };
    }
    case 'GatherElements':
      return { type: first.type, shape: second.shape };
    default:
      return unknownValue;
  }
}

/** Numbers from `start` on, in steps, as long as `limit` is not reached. */
function rangeLength(...settings: readonly (readonly number[] | null)[]): number | null {
  const [start, limit, step] = settings.map((setting) => setting?.[0]);
  if (start === undefined || limit === undefined || step === undefined || step === 0) return null;
  return Math.max(0, Math.ceil((limit - start) / step));
}
