import { keywordOf, type Attributes } from '@overread/core/dicom';

/** The DICOM JSON Model (PS3.18 annex F), as far as it is read here. */
interface JsonElement {
  readonly vr?: string;
  readonly Value?: readonly unknown[];
}

/** Depth of sequences beyond which nothing of interest lies; keeps a hostile answer from exhausting the stack. */
const deepest = 16;

/**
 * A dataset of the DICOM JSON Model by keyword: one value as itself, several as an array, a sequence always as an array.
 * Attributes that this project does not read are left out, bulk data too.
 */
export function fromDicomJson(dataset: Readonly<Record<string, unknown>>, depth = 0): Attributes {
  const attributes: Record<string, unknown> = {};
  for (const [tag, element] of Object.entries(dataset)) {
    const keyword = /^[0-9a-f]{8}$/i.test(tag) ? keywordOf(parseInt(tag, 16)) : null;
    if (keyword === null || !isElement(element)) continue;
    const { vr, Value: values = [] } = element;
    if (vr === 'SQ') {
      attributes[keyword] =
        depth < deepest ? values.filter(isObject).map((item) => fromDicomJson(item, depth + 1)) : [];
    } else if (values.length > 0) {
      attributes[keyword] = values.length === 1 ? values[0] : values;
    }
  }
  return attributes;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isElement(value: unknown): value is JsonElement {
  return isObject(value) && (value['Value'] === undefined || Array.isArray(value['Value']));
}
