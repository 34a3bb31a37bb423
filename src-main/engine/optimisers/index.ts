export { createOptimiser } from './createOptimiser.ts'
export { learningRateAt } from './learningRateSchedule.ts'
export type { Optimiser } from './optimiser.ts'
