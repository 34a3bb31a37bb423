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
