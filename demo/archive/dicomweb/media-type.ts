/** One media range of an Accept header, its names in lower case, quotes removed. */
export interface MediaRange {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Media ranges of an Accept header in the order of their weight; a missing header accepts everything. */
export function readAccept(header: string | undefined): MediaRange[] {
  const ranges = splitOutsideQuotes(header ?? '*/*', ',').map(readMediaType);
  const weight = ({ parameters }: MediaRange) => Number(parameters['q'] ?? 1);
  return ranges.filter((range) => weight(range) > 0).sort((a, b) => weight(b) - weight(a));
}

/** A Content-Type or one media range: `multipart/related; type="application/dicom"; boundary=x`. */
export function readMediaType(text: string): MediaRange {
  const [type = '', ...rest] = splitOutsideQuotes(text, ';').map((part) => part.trim());
  const parameters = rest.flatMap((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), unquoted(part.slice(at + 1).trim())]];
  });
  return { type: type.toLowerCase(), parameters: Object.fromEntries(parameters) as Record<string, string> };
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    if (character === separator && !isQuoted) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part];
}
