import { sourceFault, unsupported } from '../fault.ts';
import { Component } from './component.ts';
import type { Config } from './config.ts';

/**
 * The transforms of a Compose, nested ones one after the other, disabled ones left out.
 * @param id of the Compose
 */
export function transformsOf(config: Config, id: string): readonly Component[] {
  const compose = config.get(id);
  if (!(compose instanceof Component) || compose.name !== 'Compose')
    throw sourceFault(config.where(id), 'a Compose is expected');
  return flattened(compose);
}

function flattened(compose: Component): readonly Component[] {
  const transforms = compose.take('transforms');
  compose.ignore('map_items', 'unpack_items', 'log_stats', 'overrides');
  compose.finish();
  if (!Array.isArray(transforms)) throw sourceFault(compose.where('transforms'), 'a list is expected');
  return transforms.flatMap((transform: unknown, at) => {
    if (!(transform instanceof Component))
      throw sourceFault(compose.where(`transforms#${at}`), 'a transform is expected');
    if (transform.disabled) return [];
    return transform.name === 'Compose' ? flattened(transform) : [transform];
  });
}

/** What is done with each transform, by the name of its class. */
export type Handlers<State> = Readonly<Record<string, (transform: Component, state: State) => void>>;

/**
 * Hands each transform that works on `key` to its handler and sees that none of its fields was left out.
 * @throws OverreadError `model.import-unsupported` naming a transform that has no handler, or a field
 */
export function applyTransforms<State>(
  transforms: readonly Component[],
  key: string,
  handlers: Handlers<State>,
  state: State,
): void {
  for (const transform of transforms) {
    const handler = Object.hasOwn(handlers, transform.name) ? handlers[transform.name] : undefined;
    if (handler === undefined) throw unsupported(transform.where(), 'this transform cannot be expressed');
    // What works on other keys (labels for an evaluation) does not reach the graph.
    if (!transform.texts('keys').includes(key)) continue;
    handler(transform, state);
    transform.finish();
  }
}

/** Changes how values are held, not the values. */
export function nothing(...fields: readonly string[]): (transform: Component) => void {
  return (transform) => transform.ignore(...fields);
}
