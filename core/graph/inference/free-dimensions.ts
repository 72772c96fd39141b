import type { ModelProto } from '../onnx/types.ts';
import type { InputShapes } from './infer.ts';

/**
 * What the named free extents of a model's inputs will be, by name: what a runtime needs to settle shapes before the first
 * run. A name that the shapes give two values is left out: it is not the same everywhere.
 */
export function freeDimensions(model: ModelProto, inputShapes: InputShapes): Readonly<Record<string, number>> {
  const found = new Map<string, Set<number | null>>();
  for (const { name, type } of model.graph?.input ?? []) {
    const fed = Object.hasOwn(inputShapes, name) ? (inputShapes[name] ?? []) : [];
    (type?.tensorType?.shape?.dim ?? []).forEach(({ dimParam }, at) => {
      if (dimParam === undefined || dimParam === '') return;
      found.set(dimParam, (found.get(dimParam) ?? new Set()).add(fed[at] ?? null));
    });
  }
  const settled = [...found].flatMap(([name, [extent, ...others]]) =>
    typeof extent === 'number' && others.length === 0 ? [[name, extent] as const] : [],
  );
  return Object.fromEntries(settled);
}
