export { createDistillation, type DistillationContext } from './createDistillation.ts'
export type {
  DistillationInput,
  DistillationLoss,
  DistillationStrategy,
  TapGradientNorms,
  TapShape,
  TapShapes,
} from './distillationStrategy.ts'
export { inspectGraph, type GraphView } from './inspectGraph.ts'
export { poolTrust } from './poolTrust.ts'
