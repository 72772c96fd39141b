import { textOf, type Attributes, type Code } from '../../dicom/index.ts';
import { codeIn, sameCode } from '../common/code-sequence.ts';
import { itemsAt } from './path.ts';

/** A content item with its place in the document. */
export interface ContentItemAt {
  readonly attributes: Attributes;
  readonly path: string;
  readonly parent: ContentItemAt | null;
  readonly relationship: string | null;
  readonly type: string | null;
  readonly name: Code | null;
  readonly children: readonly ContentItemAt[];
}

/** The items of a document, the root first, each before its children. */
export function contentItems(dataset: Attributes): readonly ContentItemAt[] {
  const found: ContentItemAt[] = [];
  const visit = (attributes: Attributes, path: string, parent: ContentItemAt | null): ContentItemAt => {
    const children: ContentItemAt[] = [];
    const item: ContentItemAt = {
      attributes,
      path,
      parent,
      relationship: textOf(attributes, 'RelationshipType'),
      type: textOf(attributes, 'ValueType'),
      name: codeIn(attributes, 'ConceptNameCodeSequence'),
      children,
    };
    found.push(item);
    for (const child of itemsAt({ attributes, path }, 'ContentSequence')) {
      children.push(visit(child.attributes, child.path, item));
    }
    return item;
  };
  visit(dataset, '', null);
  return found;
}

/** Items of a concept. */
export function named(items: readonly ContentItemAt[], name: Code): readonly ContentItemAt[] {
  return items.filter((item) => sameCode(item.name, name));
}

/** Text of a child of a concept: TEXT, UIDREF or PNAME. */
export function valueOf(items: readonly ContentItemAt[], name: Code): string | null {
  const attributes = named(items, name)[0]?.attributes ?? {};
  return textOf(attributes, 'UID') ?? textOf(attributes, 'PersonName') ?? wholeText(attributes['TextValue']);
}

/** TextValue as it stands: backslashes belong to it. */
function wholeText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Template that a container says it follows. */
export function templateOf(item: ContentItemAt): string | null {
  const [template] = itemsAt(item, 'ContentTemplateSequence');
  return template === undefined ? null : textOf(template.attributes, 'TemplateIdentifier');
}
