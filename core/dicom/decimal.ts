/**
 * A number as DS: at most 16 characters, as precise as they allow (PS3.5 section 6.2).
 * @returns null for NaN and the infinities, which DS cannot say.
 */
export function formatDecimalString(value: number): string | null {
  if (!Number.isFinite(value)) return null;
  const shortest = tidy(String(value));
  if (shortest.length <= 16) return shortest;
  let best: string | null = null;
  let error = Infinity;
  // Plain and exponent notation lose different digits to the sign, the point and the exponent: take the closer one.
  for (let digits = 15; digits > 0; digits--) {
    for (const text of [tidy(value.toPrecision(digits)), tidy(value.toExponential(digits - 1))]) {
      const difference = Math.abs(Number(text) - value);
      if (text.length <= 16 && difference < error) {
        best = text;
        error = difference;
      }
    }
    if (best !== null && error <= Math.abs(value) * 10 ** -digits) break;
  }
  return best;
}

/** Drops zeros at the end of the fraction and the plus sign of the exponent. */
function tidy(text: string): string {
  const [mantissa = '', exponent] = text.split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return exponent === undefined ? short : `${short}e${exponent.replace('+', '')}`;
}
