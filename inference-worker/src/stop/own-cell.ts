import { OverreadError } from '@overread/core/errors';
import { scope } from '../scope.ts';
import { createStopCell, isStopAsked } from './stop-cell.ts';

/** What this worker shares with its stopper. */
export const ownCell = createStopCell(scope.crossOriginIsolated);

/** @throws OverreadError `run.cancelled` where the page has asked this worker to stop: what comes next would be for nobody */
export function throwIfStopping(): void {
  if (isStopAsked(ownCell)) throw new OverreadError('run.cancelled');
}
