import { sourceFault } from '../fault.ts';
import type { Component } from './component.ts';

/** Transforms that the author of a package leaves out by name, knowing what they do: never in silence. */
export class LeftOut {
  readonly #names: readonly string[];
  readonly #found = new Set<string>();
  /** A sentence for each one, for the card. */
  readonly notes: string[] = [];

  /** @param names of their classes, between commas */
  constructor(names = '') {
    this.#names = names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  }

  /** The others. */
  without(transforms: readonly Component[]): readonly Component[] {
    return transforms.filter((transform) => {
      if (!this.#names.includes(transform.name)) return true;
      this.#found.add(transform.name);
      this.notes.push(
        `${transform.where()} was left out by the author of this package: it has no part of what that does.`,
      );
      return false;
    });
  }

  /** @throws OverreadError `model.source-invalid` naming one that the bundle does not have */
  checkFound(): void {
    const missing = this.#names.find((name) => !this.#found.has(name));
    if (missing !== undefined) throw sourceFault('--leave-out', `the bundle has no transform '${missing}'`);
  }
}
