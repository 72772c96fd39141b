import fc from 'fast-check';

/** One spatial axis of a transposed convolution, as the operator allows it: an output of at least one position, output padding below the stride. */
export const transposedAxis = fc
  .record({
    kernel: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 4 }),
    length: fc.integer({ min: 1, max: 4 }),
    head: fc.nat(4),
    tail: fc.nat(4),
    extra: fc.nat(3),
  })
  .filter(({ kernel, stride, length, head, tail, extra }) => {
    return extra < Math.max(stride, 1) && stride * (length - 1) + kernel + extra - head - tail >= 1;
  });
