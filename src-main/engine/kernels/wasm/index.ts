export { geometryOf } from './convolutionKernels.ts'
export { parityClasses, type ConvolutionGeometry } from './convolutionGeometry.ts'
export { ClassVolumes, type LabelsAndEntropy } from './classVolumes.ts'
export { INSTANCE_NORM, INSTANCE_NORM_GRADIENT } from './instanceNormKernels.ts'
export { defaultThreads, hasRelaxedSimd } from './kernelModule.ts'
export {
  parameterUpdates,
  type ParameterUpdates,
  type UpdatedParameter,
} from './parameterUpdates.ts'
export { registerSharedMemoryBackend } from './registerSharedMemoryBackend.ts'
export { SEGMENTATION_LOSS } from './segmentationLossKernel.ts'
export { UPSAMPLE, UPSAMPLE_GRADIENT } from './upsampleKernels.ts'
export { volumeKernels } from './volumeKernels.ts'
