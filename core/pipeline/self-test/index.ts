export { selfTestInput } from './input.ts';
export { selfTestPositions } from './positions.ts';
export { otherOutputs, recordedSelfTest } from './record.ts';
export { runSelfTest, selfTestDifferences, type SelfTestDifference } from './run.ts';
