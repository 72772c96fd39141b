type Colour = [red: number, green: number, blue: number];

/** Hues far apart from one to the next, at a brightness that stands out from grey images. */
export function colourOf(index: number): Colour {
  // Steps of the golden ratio round the circle of hues never meet.
  const hue = (index * 0.618033988749895) % 1;
  const lightness = index % 2 === 0 ? 0.6 : 0.48;
  return [0, 8, 4].map((offset) => channel(hue, lightness, offset)) as Colour;
}

/** One of red, green, blue of a colour in HSL with saturation 0.6 (CSS Color 4, 7.1). */
function channel(hue: number, lightness: number, offset: number): number {
  const k = (offset + hue * 12) % 12;
  const reach = 0.6 * Math.min(lightness, 1 - lightness);
  return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
}
