import { textOf } from '../../dicom/index.ts';
import type { Remark } from '../other.ts';
import { codeOf, type ContentNode } from './content-tree.ts';
import { measurementOf } from './read-number.ts';

const attributeOf: Readonly<Record<string, string>> = {
  DATE: 'Date',
  TIME: 'Time',
  DATETIME: 'DateTime',
  PNAME: 'PersonName',
  UIDREF: 'UID',
};

/** A named value of any plain kind; null for everything else. */
export function remarkOf(node: ContentNode): Remark | null {
  if (node.name === null) return null;
  const value = valueOf(node);
  return value === null ? null : { name: node.name, value };
}

function valueOf(node: ContentNode): string | null {
  if (node.type === 'CODE') {
    const code = codeOf(node);
    return code === null ? null : code.meaning || code.value;
  }
  if (node.type === 'NUM') {
    const number = measurementOf(node);
    return number === null ? null : `${number.value} ${number.unit.value}`;
  }
  if (node.type === 'TEXT') {
    // Backslashes and line breaks belong to the text.
    const text = node.attributes['TextValue'];
    return typeof text === 'string' ? text : null;
  }
  const keyword = attributeOf[node.type ?? ''];
  return keyword === undefined ? null : textOf(node.attributes, keyword);
}
