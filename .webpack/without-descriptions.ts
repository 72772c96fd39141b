import ts from 'typescript';

/**
 * Takes the descriptions out of the manifest's schema: JSON Schema and reference page are made of the source, and readers would fetch seven
 * kilobytes of prose that no program reads. A webpack loader, before TypeScript is.
 */
export default function withoutDescriptions(source: string): string {
  const file = ts.createSourceFile('schema.ts', source, ts.ScriptTarget.ES2022, true);
  const texts: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    const place =
      ts.isCallExpression(node) && ts.isIdentifier(node.expression) ? places[node.expression.text] : undefined;
    const about = ts.isCallExpression(node) && place !== undefined ? node.arguments[place] : undefined;
    if (about !== undefined && isText(about)) texts.push(about);
    ts.forEachChild(node, visit);
  };
  visit(file);
  // From the end, so that places before stay as they are.
  return texts
    .toSorted((a, b) => b.getStart() - a.getStart())
    .reduce((left, text) => `${left.slice(0, text.getStart())}''${left.slice(text.getEnd())}`, source);
}

/** Where the description stands among the arguments of what the schema is made with (`core/model/manifest/values.ts`). */
const places: Readonly<Record<string, number>> = { field: 0, part: 1 };

function isText(node: ts.Expression): boolean {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return true;
  return ts.isBinaryExpression(node) && isText(node.left) && isText(node.right);
}
