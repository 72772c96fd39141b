import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import withoutDescriptions from '../../../.webpack/without-descriptions.ts';

const folder = join(import.meta.dirname, '../../../core/model/manifest');
const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);

/** Every name of the code, in order. */
function namesIn(source: string): readonly string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('schema.ts', source, ts.ScriptTarget.ES2022, true));
  return names;
}

it('descriptions are taken out of the schema, and nothing else', () => {
  const source = `const a = field('One ' + 'and two, (three)', z.object({ b: field(\`Four\`, z.string()), c: count('Five') }));
export const code = part('code', 'A concept', z.string());
export const e = field(name, z.literal('field'));`;
  expect(withoutDescriptions(source))
    .toBe(`const a = field('', z.object({ b: field('', z.string()), c: count('Five') }));
export const code = part('code', '', z.string());
export const e = field(name, z.literal('field'));`);
});

it.each(files)('%s is TypeScript without them, and shorter by them only', (_, source) => {
  const left = withoutDescriptions(source);
  const { diagnostics } = ts.transpileModule(left, { reportDiagnostics: true });
  expect(diagnostics).toEqual([]);
  expect(namesIn(left)).toEqual(namesIn(source));
  expect(left.length).toBeLessThanOrEqual(source.length);
});
