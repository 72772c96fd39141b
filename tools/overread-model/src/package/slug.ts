/** A name as the id of a package: lower case, digits and hyphens, at most 63 characters, a letter first. */
export function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
  return plain.length < 2 ? `model-${plain}`.replace(/-+$/, '') : plain;
}
