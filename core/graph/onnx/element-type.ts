/**
 * Element types of tensors (TensorProto.DataType): their code, and their bits in `rawData`. Types of less than a byte
 * are packed; strings have no raw form. `list` is the field that holds the values where there is no `rawData`.
 */
export const elementTypes = {
  float32: { code: 1, bits: 32, list: 'floatData' },
  uint8: { code: 2, bits: 8, list: 'int32Data' },
  int8: { code: 3, bits: 8, list: 'int32Data' },
  uint16: { code: 4, bits: 16, list: 'int32Data' },
  int16: { code: 5, bits: 16, list: 'int32Data' },
  int32: { code: 6, bits: 32, list: 'int32Data' },
  int64: { code: 7, bits: 64, list: 'int64Data' },
  string: { code: 8, bits: null, list: 'stringData' },
  bool: { code: 9, bits: 8, list: 'int32Data' },
  float16: { code: 10, bits: 16, list: 'int32Data' },
  float64: { code: 11, bits: 64, list: 'doubleData' },
  uint32: { code: 12, bits: 32, list: 'uint64Data' },
  uint64: { code: 13, bits: 64, list: 'uint64Data' },
  complex64: { code: 14, bits: 64, list: 'floatData' },
  complex128: { code: 15, bits: 128, list: 'doubleData' },
  bfloat16: { code: 16, bits: 16, list: 'int32Data' },
  float8e4m3fn: { code: 17, bits: 8, list: 'int32Data' },
  float8e4m3fnuz: { code: 18, bits: 8, list: 'int32Data' },
  float8e5m2: { code: 19, bits: 8, list: 'int32Data' },
  float8e5m2fnuz: { code: 20, bits: 8, list: 'int32Data' },
  uint4: { code: 21, bits: 4, list: 'int32Data' },
  int4: { code: 22, bits: 4, list: 'int32Data' },
  float4e2m1: { code: 23, bits: 4, list: 'int32Data' },
} as const satisfies Record<string, { code: number; bits: number | null; list: string }>;

export type ElementType = keyof typeof elementTypes;

const byCode = new Map<number, ElementType>(
  Object.entries(elementTypes).map(([name, { code }]) => [code, name as ElementType]),
);

/** Null where the code is absent or none that we know. */
export function elementTypeOf(code: number | undefined): ElementType | null {
  return code === undefined ? null : (byCode.get(code) ?? null);
}
