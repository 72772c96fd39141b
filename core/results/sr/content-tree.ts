import { itemsOf, textOf, type Attributes, type Code } from '../../dicom/index.ts';
import { codeIn, sameCode } from '../common/code-sequence.ts';

/** A content item as read: what it is, what it is called, and what hangs below it. */
export interface ContentNode {
  readonly relationship: string | null;
  readonly type: string | null;
  readonly name: Code | null;
  readonly attributes: Attributes;
  readonly children: readonly ContentNode[];
}

/** The tree below a dataset or content item. Depth is bounded by the reader of the file. */
export function contentTree(attributes: Attributes): ContentNode {
  return {
    relationship: textOf(attributes, 'RelationshipType'),
    type: textOf(attributes, 'ValueType'),
    name: codeIn(attributes, 'ConceptNameCodeSequence'),
    attributes,
    children: itemsOf(attributes, 'ContentSequence').map(contentTree),
  };
}

/** Children of a type (null: any) under a name (null: any). */
export function childrenOf(node: ContentNode, type: string | null, name: Code | null): readonly ContentNode[] {
  return node.children.filter((child) => fits(child, type, name));
}

export function childOf(node: ContentNode, type: string | null, name: Code | null): ContentNode | null {
  return node.children.find((child) => fits(child, type, name)) ?? null;
}

function fits(node: ContentNode, type: string | null, name: Code | null): boolean {
  return (type === null || node.type === type) && (name === null || sameCode(node.name, name));
}

/** Text of a TEXT item as it stands: backslashes and line breaks belong to it. */
export function textIn(node: ContentNode, name: Code): string | null {
  const value = childOf(node, 'TEXT', name)?.attributes['TextValue'];
  return typeof value === 'string' ? value : null;
}

export function uidIn(node: ContentNode, name: Code): string | null {
  const child = childOf(node, 'UIDREF', name);
  return child === null ? null : textOf(child.attributes, 'UID');
}

/** Value of a CODE item. */
export function codeOf(node: ContentNode | null): Code | null {
  return node === null ? null : codeIn(node.attributes, 'ConceptCodeSequence');
}

/** All nodes below, in order of the document. */
export function* below(node: ContentNode): Generator<ContentNode> {
  for (const child of node.children) {
    yield child;
    yield* below(child);
  }
}
