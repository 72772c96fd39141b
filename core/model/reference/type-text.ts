import type { SchemaNode } from './schema-node.ts';

/** The type of a field for a table: words, and links to the section that describes it (`anchor`: where its own parts stand). */
export function typeText(node: SchemaNode, anchor: string): string {
  if (node.$ref !== undefined) return `[${refName(node.$ref)}](#${refName(node.$ref)})`;
  if (node.const !== undefined) return literal(node.const);
  if (node.enum !== undefined) return node.enum.map(literal).join(', ');
  const alternatives = node.oneOf ?? node.anyOf;
  if (alternatives !== undefined) return unionText(node, alternatives, anchor);
  if (Array.isArray(node.type))
    return (node.type as readonly string[]).map((type) => typeText({ ...node, type }, anchor)).join(' or ');
  switch (node.type) {
    case 'array':
      return arrayText(node, anchor);
    case 'object':
      return objectText(node, anchor);
    case 'integer':
      return `whole number${rangeText(node)}`;
    case 'number':
      return `number${rangeText(node)}`;
    case 'string':
      return 'text';
    case 'boolean':
      return 'true, false';
    case 'null':
      return '`null`';
    case undefined:
    default:
      return 'anything';
  }
}

/** Name of a part that is described once. */
function refName(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}

function literal(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

function unionText(node: SchemaNode, alternatives: readonly SchemaNode[], anchor: string): string {
  if (node.oneOf !== undefined) return `[one of these](#${anchor})`;
  return alternatives.map((each) => typeText(each, anchor)).join(' or ');
}

function arrayText({ items, prefixItems, minItems }: SchemaNode, anchor: string): string {
  if (prefixItems !== undefined) {
    const each = prefixItems.map((item) => typeText(item, anchor));
    const [first = ''] = each;
    return each.every((text) => text === first) ? `${each.length} of: ${first}` : `[${each.join(', ')}]`;
  }
  const text = items === undefined || items === false ? 'anything' : typeText(items, anchor);
  return `list of: ${text}${minItems === 1 ? ' (at least one)' : ''}`;
}

function objectText({ properties, additionalProperties }: SchemaNode, anchor: string): string {
  if (properties !== undefined) return `[object](#${anchor})`;
  if (typeof additionalProperties === 'object') return `object of: ${typeText(additionalProperties, anchor)}`;
  return 'object';
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaNode): string {
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? ` from ${minimum}` : '';
  const above = exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`;
  const joint = exclusiveMinimum === undefined ? ' to' : ' and up to';
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `${joint} ${maximum}` : '';
  const and = least === '' && above === '' ? '' : ' and';
  const below = exclusiveMaximum === undefined ? '' : `${and} below ${exclusiveMaximum}`;
  return `${least}${above}${most}${below}`;
}
