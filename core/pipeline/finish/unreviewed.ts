import type { Review } from '../../analysis/index.ts';

/** The review of a finding that no person has seen yet. */
export const unreviewed: Review = { state: 'unreviewed', reason: null, reviewer: null, at: null };
