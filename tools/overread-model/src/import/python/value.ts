/** What a configuration says, as Python would hold it. `Opaque` stands for objects that are passed round and never looked into. */
export type Value<Opaque> = null | boolean | number | string | Opaque | readonly Value<Opaque>[] | Dict<Opaque>;

export interface Dict<Opaque> {
  readonly [key: string]: Value<Opaque>;
}

export function isDict<Opaque extends object>(value: Value<Opaque>): value is Dict<Opaque> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Python's truth: empty things and 0 are false. */
export function truth<Opaque extends object>(value: Value<Opaque>): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isDict(value)) return Object.keys(value).length > 0;
  return value !== null && value !== false && value !== 0 && value !== '';
}
