/**
 * The operations a 3D network is built from. Each works on every backend; where the backend brings a kernel of its
 * own, that one runs. Tensors are B×D×H×W×C.
 */
export { addChannelBias } from './addChannelBias.ts'
export { concatChannels } from './concatChannels.ts'
export { conv3d } from './conv3d.ts'
export { convTranspose3d2x } from './convTranspose3d2x.ts'
export { INSTANCE_NORM_EPSILON, instanceNorm } from './instanceNorm.ts'
export { softmaxCrossEntropyDice } from './softmaxCrossEntropyDice.ts'
export { upsampleNearest2x } from './upsampleNearest2x.ts'
export { withGradient } from './withGradient.ts'
export {
  ClassVolumes,
  defaultThreads,
  hasRelaxedSimd,
  INSTANCE_NORM,
  INSTANCE_NORM_GRADIENT,
  parameterUpdates,
  registerSharedMemoryBackend,
  volumeKernels,
  type LabelsAndEntropy,
  type ParameterUpdates,
  type UpdatedParameter,
} from './wasm/index.ts'
export {
  findSoftwareRasteriser,
  registerWebgpuBackend,
  RemoteDevice,
  useSoftwareRasteriser,
  WEBGPU_BACKEND,
  type AdapterFacts,
  type SoftwareRasteriser,
} from './webgpu/index.ts'
