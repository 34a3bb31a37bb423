export type {
  DistillationInput,
  DistillationLoss,
  DistillationStrategy,
  NamedArray,
  TapGradientNorms,
  TapShape,
  TapShapes,
} from './distillationStrategy.ts'
