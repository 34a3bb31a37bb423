export { ADAM_DEFAULTS, createAdam, type Adam, type AdamConfig } from './adam.ts'
export { learningRateAt } from './learningRateSchedule.ts'
