/** So many values or fewer sum up well in one go: in 32 bits, to about 1e-5 of their size. */
export const fewValues = 4096;
