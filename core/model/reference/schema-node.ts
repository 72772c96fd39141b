/** JSON Schema (draft 2020-12) as the manifest's schema uses it. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode | false;
  readonly prefixItems?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly pattern?: string;
}

/** The field that tells the alternatives of a union apart: the one with a fixed value. */
export function discriminatorOf(alternative: SchemaNode): { readonly field: string; readonly value: unknown } | null {
  const [field, node] = Object.entries(alternative.properties ?? {}).find(([, each]) => each.const !== undefined) ?? [];
  return field === undefined ? null : { field, value: node?.const };
}
