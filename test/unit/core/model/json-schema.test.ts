import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manifestJsonSchema } from '@overread/core/model';
import { examples } from '../../../../core/model/reference/examples.ts';
import { referencePage } from '../../../../core/model/reference/reference-page.ts';
import type { SchemaNode } from '../../../../core/model/reference/schema-node.ts';
import { tinyManifest } from '../../../support/tiny-manifest.ts';

const schema = manifestJsonSchema() as SchemaNode;
const committed = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');

/** Every field and every alternative of a union that says nothing about itself. */
function undescribed(node: SchemaNode, path: string): string[] {
  const fields = Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const silent = field.description === undefined && field.$ref === undefined && field.const === undefined;
    return [...(silent ? [`${path}.${name}`] : []), ...undescribed(field, `${path}.${name}`)];
  });
  const alternatives = (node.oneOf ?? []).flatMap((each, at) => [
    ...(each.description === undefined ? [`${path}<${at}>`] : []),
    ...undescribed(each, `${path}<${at}>`),
  ]);
  const items = node.items === undefined || node.items === false ? [] : undescribed(node.items, `${path}[]`);
  return [...fields, ...alternatives, ...items, ...(node.anyOf ?? []).flatMap((each) => undescribed(each, path))];
}

it('the committed JSON Schema is the one the manifest schema generates', () => {
  expect(JSON.parse(committed('core/model/model.schema.json')), 'run `npm run schemas`').toEqual(
    JSON.parse(JSON.stringify(schema)),
  );
});

it('every field says what it is', () => {
  const shared = Object.entries(schema.$defs ?? {}).flatMap(([name, node]) => undescribed(node, name));
  expect([...undescribed(schema, ''), ...shared]).toEqual([]);
  for (const node of Object.values(schema.$defs ?? {})) expect(node.description).toBeDefined();
});

it('asks an author only for what has no default', () => {
  expect(schema.required).toContain('applicability');
  expect(schema.required).not.toContain('finish');
});

describe('the reference page', () => {
  const page = referencePage(schema);

  it('is the one the schema generates', () => {
    expect(committed('docs/reference/manifest.md'), 'run `npm run schemas`').toBe(page);
  });

  it('links only to places that are there', () => {
    const anchors = new Set([...page.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, anchor]) => anchor));
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(40);
    expect(links.filter((link) => !anchors.has(link))).toEqual([]);
    expect(anchors.size).toBe([...page.matchAll(/<a id=/g)].length);
  });

  it.each(examples)('has an example in order: $title', ({ part }) => {
    expect(() => tinyManifest(new Uint8Array([1]), part)).not.toThrow();
  });
});
