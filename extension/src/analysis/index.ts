export { channelSeries, type ChannelSeries } from './channels.ts';
export type { Catalogue, CatalogueModel } from './catalogue.ts';
export { explainable, greatestFall, shownAnalysis } from './explained.ts';
export { markedThings, type Marking, type OpenMarking } from './marking/state.ts';
export { problemOf, type Problem } from './problem.ts';
export { createReadingRoom, type ReadingRoom } from './room.ts';
export type { RoomActions } from './room-actions.ts';
export {
  canBeVerified,
  currentRecord,
  currentSeries,
  isMarked,
  offeredModels,
  openResult,
  othersOfSeries,
  resultsOfSeries,
  undecided,
  unsavedDecisions,
  unsavedElsewhere,
} from './select.ts';
export { standardParts } from './standard-parts.ts';
export {
  runKey,
  type OtherMask,
  type OtherReportEntry,
  type Explained,
  type Explaining,
  type Result,
  type RoomState,
  type Run,
} from './state.ts';
