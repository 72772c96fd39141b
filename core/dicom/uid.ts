/** A fresh UID of the form 2.25.<UUID as a decimal number> (PS3.5 annex B.2), from 122 random bits. */
export function newUID(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return `2.25.${value}`;
}

/** Whether a text is a UID by PS3.5 section 9.1: digits and dots, no component with a leading zero, at most 64 characters. */
export function isUID(text: string): boolean {
  return text.length <= 64 && /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+$/.test(text);
}
