import { reasonOf } from '@overread/core/errors';
import { sourceFault, unsupported } from '../fault.ts';
import { evaluate } from '../python/evaluate.ts';
import type { Value } from '../python/value.ts';
import { Component } from './component.ts';

export type ConfigValue = Value<Component>;

type Raw = null | boolean | number | string | readonly Raw[] | { readonly [key: string]: Raw };

/** MONAI's names of items, which are their own names in lower case. */
const commonKey = /^\$\s*(?:monai\.utils\.(?:enums\.)?)?CommonKeys\.(IMAGE|LABEL|PRED)\s*$/;

/** References may follow each other so far; beyond, the configuration is taken to refer to itself. */
const deepest = 100;

/**
 * A configuration in MONAI's grammar, read as far as it is data: `@id` refers to another part (`#` or `::` between its
 * steps), `$` begins an expression, an object with `_target_` is a component. Only what is asked for is evaluated.
 */
export class Config {
  readonly #root: Raw;
  readonly #file: string;
  #depth = 0;

  /** @param file named in errors */
  constructor(root: unknown, file: string) {
    this.#root = root as Raw;
    this.#file = file;
  }

  /** Whether there is anything of that id. */
  has(id: string): boolean {
    return this.#find(id) !== undefined;
  }

  /** @throws OverreadError `model.source-invalid` where there is none; `model.import-unsupported` where it is no data */
  get(id: string): ConfigValue {
    const raw = this.#find(id);
    if (raw === undefined) throw sourceFault(this.#file, `there is no '${id}'`);
    return this.value(raw, id);
  }

  /** The value of a part that was found at `id`. Errors as for `get`. */
  value(raw: Raw, id: string): ConfigValue {
    if (++this.#depth > deepest) throw sourceFault(this.where(id), 'its references go round in a circle, or too far');
    try {
      if (typeof raw === 'string') return this.#text(raw, id);
      if (Array.isArray(raw)) return raw.map((item: Raw, at) => this.value(item, `${id}#${at}`));
      if (typeof raw !== 'object' || raw === null) return raw;
      const fields = raw as Readonly<Record<string, Raw>>;
      if ('_target_' in fields) return new Component(this, id, fields);
      return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, this.value(item, `${id}#${key}`)]));
    } finally {
      this.#depth--;
    }
  }

  /** A part as an error names it. */
  where(id: string): string {
    return `${this.#file} ${id}`;
  }

  #text(text: string, id: string): ConfigValue {
    if (text.startsWith('%')) throw unsupported(this.where(id), `'${text.slice(0, 80)}' copies text of another file`);
    if (text.startsWith('@')) return this.get(absolute(text.slice(1), id));
    if (!text.startsWith('$')) return text;
    const [, key] = commonKey.exec(text) ?? [];
    if (key !== undefined) return key.toLowerCase();
    try {
      return evaluate<Component>(text.slice(1), (reference) => this.get(absolute(reference, id)));
    } catch (error) {
      if (error instanceof Error && error.name === 'OverreadError') throw error;
      throw unsupported(this.where(id), `'${text.slice(0, 120)}' cannot be evaluated: ${reasonOf(error)}`);
    }
  }

  #find(id: string): Raw | undefined {
    let raw: Raw | undefined = this.#root;
    for (const step of stepsOf(id)) {
      if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, step)) return undefined;
      raw = (raw as Readonly<Record<string, Raw>>)[step];
    }
    return raw;
  }
}

function stepsOf(id: string): readonly string[] {
  return id.split(/#|::/).filter((step) => step !== '');
}

/** A relative id begins with one separator for each step that it goes up from where it stands. */
function absolute(reference: string, from: string): string {
  const up = /^(?:#|::)+/.exec(reference)?.[0].replaceAll('::', '#').length ?? 0;
  if (up === 0) return reference;
  return [...stepsOf(from).slice(0, -up), ...stepsOf(reference)].join('#');
}
