export type Activation = 'none' | 'sigmoid' | 'softmax';

/** The scores of one row of an output after its activation, in place. */
export function activate(scores: Float64Array, activation: Activation): void {
  if (activation === 'sigmoid') for (let n = 0; n < scores.length; n++) scores[n] = 1 / (1 + Math.exp(-scores[n]!));
  if (activation === 'softmax') softmax(scores);
}

function softmax(scores: Float64Array): void {
  // Against the largest one, so that no exponential overflows.
  let highest = -Infinity;
  for (const score of scores) if (score > highest) highest = score;
  let sum = 0;
  for (let n = 0; n < scores.length; n++) sum += scores[n] = Math.exp(scores[n]! - highest);
  for (let n = 0; n < scores.length; n++) scores[n]! /= sum;
}
