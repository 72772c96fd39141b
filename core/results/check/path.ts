import { formatTag, isKeyword, itemsOf, tags, type Attributes, type Keyword } from '../../dicom/index.ts';

/** Tag path of an attribute. @param index Item of a sequence, from 1. */
export function pathTo(parent: string, keyword: Keyword, index?: number): string {
  const step = `${formatTag(tags[keyword][0])}${index === undefined ? '' : `[${index}]`}`;
  return parent === '' ? step : `${parent}/${step}`;
}

export interface ItemAt {
  readonly attributes: Attributes;
  readonly path: string;
}

/** Items of a sequence with their paths. */
export function itemsAt(parent: ItemAt, keyword: Keyword): readonly ItemAt[] {
  return itemsOf(parent.attributes, keyword).map((attributes, index) => ({
    attributes,
    path: pathTo(parent.path, keyword, index + 1),
  }));
}

/** Items below several parents, one sequence after the other. */
export function itemsBelow(dataset: Attributes, ...keywords: readonly Keyword[]): readonly ItemAt[] {
  return keywords.reduce<readonly ItemAt[]>(
    (parents, keyword) => parents.flatMap((parent) => itemsAt(parent, keyword)),
    [{ attributes: dataset, path: '' }],
  );
}

/** Every dataset in the object, the outermost first, with the keyword of the sequence it is an item of. */
export function* everyDataset(
  { attributes, path }: ItemAt,
  within: Keyword | null = null,
): Generator<ItemAt & { readonly within: Keyword | null }> {
  yield { attributes, path, within };
  for (const keyword of Object.keys(attributes)) {
    if (!isKeyword(keyword) || tags[keyword][1] !== 'SQ') continue;
    for (const item of itemsAt({ attributes, path }, keyword)) yield* everyDataset(item, keyword);
  }
}
