/** ConvTranspose along one axis. */
export interface TransposedAxis {
  readonly kernel: number;
  readonly stride: number;
  /** Cut off the full output at its head and tail; a negative tail adds positions that only the bias reaches. */
  readonly padHead: number;
  readonly padTail: number;
  readonly outputPadding: number;
}

/** The same as a convolution at input resolution whose `stride` phases are interleaved and then cropped. */
export interface SubPixelAxis {
  readonly stride: number;
  /** Kernel of the convolution. */
  readonly taps: number;
  /** Zero padding of the convolution. */
  readonly convHead: number;
  readonly convTail: number;
  /** Positions cut off after interleaving, at head and tail. */
  readonly cropHead: number;
  readonly cropTail: number;
}

/**
 * Sub-pixel form of a transposed convolution along one axis (Shi et al., "Is the deconvolution layer the same as a
 * convolutional layer?", arXiv:1609.07009). Position p = q s + r of the full output is the sum over t of
 * w[r + t s] x[q - t]: for each phase r a convolution of x with ceil(K / s) taps. What padding cuts off is left out of
 * the convolution as far as whole steps of q go; the rest is cropped. No number here depends on the input's length n:
 * the full output has s (n - 1) + K + outputPadding positions, the interleaved one s (n + convHead + convTail - taps + 1).
 */
export function subPixelAxis({ kernel, stride, padHead, padTail, outputPadding }: TransposedAxis): SubPixelAxis {
  const taps = Math.ceil(kernel / stride);
  const skipped = Math.min(Math.floor(padHead / stride), taps - 1);
  const convHead = taps - 1 - skipped;
  const cropHead = padHead - skipped * stride;
  // Positions wanted, up to the term s n that both lengths share.
  const wanted = cropHead + kernel + outputPadding - stride - padHead - padTail;
  const convTail = Math.max(0, Math.ceil(wanted / stride) + taps - 1 - convHead);
  const cropTail = stride * (convHead + convTail - taps + 1) - wanted;
  return { stride, taps, convHead, convTail, cropHead, cropTail };
}

/** Kernel index that tap `tap` of phase `phase` takes (a convolution reads its kernel forwards), null where there is none. */
export function kernelIndex(axis: SubPixelAxis, kernel: number, phase: number, tap: number): number | null {
  const index = phase + (axis.taps - 1 - tap) * axis.stride;
  return index < kernel ? index : null;
}
