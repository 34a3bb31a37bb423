export { createDistillation, type DistillationContext } from './createDistillation.ts'
export type {
  DistillationInput,
  DistillationLoss,
  DistillationStrategy,
  TapGradientNorms,
  TapShape,
  TapShapes,
} from './distillationStrategy.ts'
export { poolTrust } from './poolTrust.ts'
