export { mostProbableLabels } from './mostProbableLabels.ts'
export { predictCase } from './predictCase.ts'
export { predictLogits, type PredictionHooks } from './predictLogits.ts'
export type { CasePrediction } from './toCaseGrid.ts'
