export type { Catalogue, CatalogueModel } from './catalogue.ts';
export { problemOf, type Problem } from './problem.ts';
export { createReadingRoom, type ReadingRoom, type RoomActions } from './room.ts';
export {
  currentRecord,
  currentSeries,
  offeredModels,
  openResult,
  resultsOfSeries,
  unsavedDecisions,
  unsavedElsewhere,
} from './select.ts';
export { standardParts } from './standard-parts.ts';
export { runKey, type Result, type RoomState, type Run } from './state.ts';
