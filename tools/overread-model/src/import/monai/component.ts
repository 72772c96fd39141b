import { sourceFault, unsupported } from '../fault.ts';
import { truth } from '../python/value.ts';
import type { Config, ConfigValue } from './config.ts';

type Raw = Parameters<Config['value']>[0];

/** Fields that steer the configuration itself, or that change nothing of what is computed. */
const ofConfiguration = new Set([
  '_target_',
  '_disabled_',
  '_desc_',
  '_requires_',
  '_mode_',
  '_note_',
  'allow_missing_keys',
  'lazy',
]);

/** What stands before the name of a type. */
const libraryType = /^\$?(?:np|numpy|torch)\./;

/**
 * A part of a configuration that names a class (`_target_`). Its fields are taken one by one; `finish` refuses those that
 * nobody took, so that nothing is left out in silence.
 */
export class Component {
  readonly #config: Config;
  readonly #id: string;
  readonly #fields: Readonly<Record<string, Raw>>;
  readonly #taken = new Set<string>(ofConfiguration);
  /** Which of how many keys this is about; fields that may have an entry for each. */
  #entry = { at: 0, of: 1 };
  readonly #perKey = new Set<string>();

  constructor(config: Config, id: string, fields: Readonly<Record<string, Raw>>) {
    this.#config = config;
    this.#id = id;
    this.#fields = fields;
  }

  /** The class without its module; the aliases of dictionary transforms (`OrientationD`, `OrientationDict`) as `Orientationd`. */
  get name(): string {
    const target = this.#fields['_target_'];
    const name = typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : '';
    return name.replace(/(?<=[a-z])(?:Dict|D)$/, 'd');
  }

  /** Where it stands in the configuration: the same however it is referred to. */
  get id(): string {
    return this.#id;
  }

  /** This part, or one of its fields, as an error names it. */
  where(field?: string): string {
    return `${this.#config.where(this.#id)} (${this.name}${field === undefined ? '' : `.${field}`})`;
  }

  get disabled(): boolean {
    const disabled = this.#fields['_disabled_'];
    return disabled !== undefined && truth(this.#config.value(disabled, `${this.#id}#_disabled_`));
  }

  /** The transform works on `of` keys; what is asked for from here on is about the one at `at`, counted from 0. */
  aboutKey(at: number, of: number): void {
    this.#entry = { at, of };
  }

  /** Fields that are one value, or a list of one for each key: only the entry of the key in question is taken. */
  perKey(...fields: readonly string[]): void {
    for (const field of fields) this.#perKey.add(field);
  }

  /** The value of a field; `fallback` where it is absent or None. */
  take(field: string, fallback: ConfigValue = null): ConfigValue {
    this.#taken.add(field);
    const raw = this.#fields[field];
    if (raw === undefined || raw === null) return fallback;
    return this.#ofKey(field, this.#config.value(raw, `${this.#id}#${field}`)) ?? fallback;
  }

  /** Name of a data type (`float32`), without the library that it is of; null where it is absent. */
  typeName(field: string): string | null {
    this.perKey(field);
    // NumPy's and PyTorch's types are names in an expression, which are no data to the rest.
    const named = this.#libraryType(field);
    const value = named ?? this.take(field);
    if (value === null) return null;
    if (typeof value === 'string') return value.replace(libraryType, '');
    throw unsupported(this.where(field), 'the name of a type is expected');
  }

  #libraryType(field: string): string | null {
    const raw = this.#fields[field];
    const entries = (Array.isArray(raw) ? raw : [raw]) as readonly Raw[];
    const texts = entries.filter((entry) => typeof entry === 'string').filter((text) => libraryType.test(text));
    if (texts.length === 0 || texts.length < entries.length) return null;
    this.#taken.add(field);
    return texts[Array.isArray(raw) ? this.#entryOf(field, texts.length) : 0] ?? null;
  }

  #ofKey(field: string, value: ConfigValue): ConfigValue {
    if (!Array.isArray(value) || !this.#perKey.has(field)) return value;
    return (value as readonly ConfigValue[])[this.#entryOf(field, value.length)] ?? null;
  }

  /** Where in a list of that length the entry of the key in question is. */
  #entryOf(field: string, length: number): number {
    const { at, of } = this.#entry;
    if (length === of) return at;
    throw sourceFault(this.where(field), `one value is expected, or ${of}: one for each key`);
  }

  /** What stands written in a field, unread and unevaluated; null where that is nothing. */
  written(field: string): string | null {
    const raw = this.#fields[field] ?? null;
    return raw === null || typeof raw === 'string' ? raw : JSON.stringify(raw);
  }

  /** Whether a field says None where it could be absent. */
  isNone(field: string): boolean {
    return this.#fields[field] === null;
  }

  number(field: string, fallback?: number): number {
    const value = this.take(field, fallback ?? null);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw sourceFault(this.where(field), 'a number is expected');
  }

  boolean(field: string, fallback: boolean): boolean {
    const value = this.take(field, fallback);
    if (typeof value === 'boolean') return value;
    // What Python takes for true and false; a text that says False is true there, so it is not understood.
    if (value === 0 || value === 1 || value === 'True') return value !== 0;
    throw unsupported(this.where(field), 'only true or false is understood');
  }

  text(field: string, fallback?: string): string {
    const value = this.take(field, fallback ?? null);
    if (typeof value === 'string') return value;
    throw sourceFault(this.where(field), 'a text is expected');
  }

  /** A list of numbers (nulls stay), or one number as often as `count`. */
  numbers(field: string, count: number, fallback?: number): readonly (number | null)[] {
    const value = this.take(field, fallback ?? null);
    const list = typeof value === 'number' ? Array.from({ length: count }, () => value) : value;
    if (Array.isArray(list) && list.length === count && list.every(isNumberOrNull)) return list;
    throw sourceFault(this.where(field), `${count} numbers are expected`);
  }

  /** Texts: one, or a list. */
  texts(field: string): readonly string[] {
    const value = this.take(field);
    const list = typeof value === 'string' ? [value] : value;
    if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
    throw sourceFault(this.where(field), 'texts are expected');
  }

  /** Fields that change nothing of what is computed here. */
  ignore(...fields: readonly string[]): void {
    for (const field of fields) this.#taken.add(field);
  }

  /** Every field that is there, where another reading of the same part saw to them. */
  ignoreRest(): void {
    this.ignore(...Object.keys(this.#fields));
  }

  /** A field that is understood only at this value (or absent). @throws OverreadError `model.import-unsupported` */
  only(field: string, ...values: readonly ConfigValue[]): void {
    const value = this.take(field);
    if (value === null || values.includes(value)) return;
    throw unsupported(this.where(field), `${JSON.stringify(value)} cannot be expressed`);
  }

  /** @throws OverreadError `model.import-unsupported` naming a field that nobody took */
  finish(): void {
    for (const field of Object.keys(this.#fields)) {
      if (!this.#taken.has(field)) throw unsupported(this.where(field), 'this field is not understood');
    }
  }
}

function isNumberOrNull(value: ConfigValue): value is number | null {
  return value === null || (typeof value === 'number' && Number.isFinite(value));
}
