export { DEFAULT_INFERENCE } from './planDefaults.ts'
export {
  estimateTrainingMemory,
  largestPatchThatFits,
  sumOfParts,
  tensorBytes,
} from './memoryEstimate.ts'
export { planDistillation, type DistilRequest } from './planDistillation.ts'
export { planFinetuning, type FinetuneContext, type FinetuneRequest } from './planFinetuning.ts'
export { planTraining, type TrainRequest } from './planTraining.ts'
export type { PlannedDevice } from './proposalBudget.ts'
export { proposeTraining } from './proposeTraining.ts'
export { readCaseFacts, type CaseFacts } from './readCaseFacts.ts'
export { summariseCases } from './summariseCases.ts'
