import { sourceFault, unsupported } from '../fault.ts';
import { truth } from '../python/value.ts';
import { Component } from './component.ts';
import type { Config } from './config.ts';
import type { Keys } from './keys.ts';
import type { LeftOut } from './left-out.ts';

/** What is done with each transform, by the name of its class; `key` is the item that this is about. */
export type Handlers<State> = Readonly<Record<string, (transform: Component, state: State, key: string) => void>>;

/**
 * The transforms of a Compose, nested ones one after the other, disabled ones left out.
 * @param id of the Compose
 * @param leftOut those that the author leaves out
 * @throws OverreadError `model.import-unsupported` naming a transform that has no handler
 */
export function transformsOf(
  config: Config,
  id: string,
  handlers: Handlers<never>,
  leftOut: LeftOut,
): readonly Component[] {
  const compose = config.get(id);
  if (!(compose instanceof Component) || compose.name !== 'Compose')
    throw sourceFault(config.where(id), 'a Compose is expected');
  const transforms = leftOut.without(flattened(compose, { transforms: [], seen: 0 }));
  const unknown = transforms.find(({ name }) => !Object.hasOwn(handlers, name));
  if (unknown !== undefined)
    throw unsupported(
      unknown.where(),
      `this transform cannot be expressed (where the model is right without it, --leave-out ${unknown.name} says so)`,
    );
  return transforms;
}

/** Composes and transforms that are read at most; beyond, they are taken to hold or to multiply themselves. */
const mostParts = 1000;

interface Flattened {
  readonly transforms: Component[];
  seen: number;
}

/** @param into gets the transforms of a Compose and of those inside it, in their order */
function flattened(compose: Component, into: Flattened): readonly Component[] {
  const transforms = compose.take('transforms');
  // An item is a map, so `map_items`, which is about lists of them, changes nothing.
  compose.ignore('log_stats', 'map_items');
  compose.only('unpack_items', false);
  // Overrides change how transforms behind each other resample.
  if (truth(compose.take('overrides')))
    throw unsupported(compose.where('overrides'), 'other values than those of the transforms cannot be expressed');
  compose.finish();
  if (!Array.isArray(transforms)) throw sourceFault(compose.where('transforms'), 'a list is expected');
  transforms.forEach((transform: unknown, at) => {
    if (!(transform instanceof Component))
      throw sourceFault(compose.where(`transforms#${at}`), 'a transform is expected');
    if (++into.seen > mostParts)
      throw sourceFault(compose.where('transforms'), 'it holds itself, or too many transforms');
    if (transform.disabled) return;
    if (transform.name === 'Compose') flattened(transform, into);
    else into.transforms.push(transform);
  });
  return into.transforms;
}

/**
 * Hands each transform that works on the subject to its handler and sees that none of its fields was left out.
 * @throws OverreadError `model.import-unsupported` naming a transform that works on something unknown, or a field
 */
export function applyTransforms<State>(
  transforms: readonly Component[],
  { subject, others }: Keys,
  handlers: Handlers<State>,
  state: State,
): void {
  for (const transform of transforms) {
    const keys = transform.texts('keys');
    if (!keys.includes(subject)) {
      const unknown = keys.find((key) => !others.has(key));
      // What works on other items (labels for an evaluation) does not reach the graph.
      if (unknown === undefined) continue;
      throw unsupported(transform.where('keys'), `'${unknown}' is not known: '${subject}' is expected`);
    }
    transform.aboutKey(keys.indexOf(subject), keys.length);
    handlers[transform.name]?.(transform, state, subject);
    transform.finish();
  }
}

/** Changes how values are held, not the values. */
export function nothing(...fields: readonly string[]): (transform: Component) => void {
  return (transform) => transform.ignore(...fields);
}
