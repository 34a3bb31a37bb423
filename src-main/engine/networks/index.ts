export { assignParameters } from './assignParameters.ts'
export { buildNetwork } from './buildNetwork.ts'
export { inheritWeights } from './inheritWeights.ts'
export type { Network } from './network.ts'
export type { NetworkOutput, TapSplitter } from './networkOutput.ts'
export {
  parameterCount,
  readParameters,
  sizeOf,
  type NamedArray,
  type Parameters,
} from './parameters.ts'
export { divisorOf } from './patchDivisor.ts'
export { tapShapes } from './tapShapes.ts'
export { buildUNet } from './unet.ts'
