import { examples } from './examples.ts';
import { discriminatorOf, type SchemaNode } from './schema-node.ts';
import { typeText } from './type-text.ts';

interface Section {
  /** Where it stands in the manifest: `input.channels[]`. */
  readonly path: string;
  readonly node: SchemaNode;
  /** Absent where the row of the field says it. */
  readonly about?: string | undefined;
}

/** The reference page of the manifest (Markdown), made of its JSON Schema: a section per part, a row per field. */
export function referencePage(schema: SchemaNode): string {
  // Alternatives share parts (the labels of two kinds of output); each is described once.
  const parts = new Map(sectionsBelow({ path: '', node: schema }).map((section) => [section.path, section]));
  const shared = Object.entries(schema.$defs ?? {}).map(([name, node]) => ({
    path: name,
    node,
    about: node.description,
  }));
  return [
    `# model.json`,
    '',
    '<!-- Generated from the schema of the manifest by `npm run schemas`; do not edit. -->',
    '',
    'The manifest of a model package: what a model is, which series it may be run on, how its input is made and what its outputs mean. ' +
      'A manifest never says code: what is computed before and after the graph are named steps. Fields that are not listed here are refused.',
    '',
    'Lists of three stand in the order of the tensor’s spatial axes [D, H, W], unless a field says otherwise. `overread-model check` holds a package ' +
      'against all of this; editors read the same from `core/model/model.schema.json`.',
    '',
    ...fieldTable(schema, ''),
    ...[...parts.values()].flatMap(sectionLines),
    ...shared.flatMap(sectionLines),
    '## Examples',
    '',
    ...examples.flatMap(({ title, part }) => [`### ${title}`, '', '```json', JSON.stringify(part, null, 2), '```', '']),
  ].join('\n');
}

function sectionLines({ path, node, about }: Section): readonly string[] {
  return [
    `<a id="${anchorOf(path)}"></a>`,
    '',
    `## ${path}`,
    '',
    ...(about === undefined ? [] : [about, '']),
    ...(node.oneOf?.flatMap((alternative) => alternativeLines(alternative, path)) ?? fieldTable(node, path)),
  ];
}

function alternativeLines(alternative: SchemaNode, path: string): readonly string[] {
  const kind = discriminatorOf(alternative);
  const heading = kind === null ? '' : `### ${kind.field}: ${JSON.stringify(kind.value)}`;
  const about = alternative.description === undefined ? [] : [alternative.description, ''];
  return [heading, '', ...about, ...fieldTable(alternative, path)];
}

function fieldTable({ properties = {}, required = [] }: SchemaNode, path: string): readonly string[] {
  const fields = Object.entries(properties).filter(([, node]) => node.const === undefined || path === '');
  if (fields.length === 0) return [];
  const rows = fields.map(([name, node]) => {
    const type = typeText(node, anchorOf(childPath(path, name, node)));
    return `| \`${name}\` | ${cell(type)} | ${cell(defaultText(node, required.includes(name)))} | ${cell(node.description ?? '')} |`;
  });
  return ['| field | type | default | meaning |', '| --- | --- | --- | --- |', ...rows, ''];
}

function defaultText(node: SchemaNode, isRequired: boolean): string {
  if (node.default !== undefined) return `\`${JSON.stringify(node.default)}\``;
  return isRequired ? 'required' : 'none';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** The parts of a section that have fields of their own, each followed by its own parts. */
function sectionsBelow({ path, node }: Section): readonly Section[] {
  const holders = node.oneOf ?? [node];
  return holders.flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([name, child]) => {
      const inner = objectIn(child);
      if (inner === null) return [];
      // What is said of the field stands in its row; the section says what the object is.
      const section = { path: childPath(path, name, child), node: inner };
      return [section, ...sectionsBelow(section)];
    }),
  );
}

/** The object, or the union of objects, that a field holds: itself, its items, or the one that is not null. */
function objectIn(node: SchemaNode): SchemaNode | null {
  if (node.$ref !== undefined) return null;
  if (node.properties !== undefined || node.oneOf !== undefined) return node;
  if (node.items !== undefined && node.items !== false) return objectIn(node.items);
  for (const alternative of node.anyOf ?? []) {
    const inner = objectIn(alternative);
    if (inner !== null) return inner;
  }
  return null;
}

function childPath(path: string, name: string, node: SchemaNode): string {
  const own = path === '' ? name : `${path}.${name}`;
  return node.type === 'array' && node.items !== undefined && node.items !== false ? `${own}[]` : own;
}

function anchorOf(path: string): string {
  return path.toLowerCase().replaceAll('[]', '').replaceAll('.', '-');
}
