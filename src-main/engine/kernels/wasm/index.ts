export { INSTANCE_NORM, INSTANCE_NORM_GRADIENT } from './instanceNormKernels.ts'
export { defaultThreads, hasRelaxedSimd } from './kernelModule.ts'
export { registerSharedMemoryBackend } from './registerSharedMemoryBackend.ts'
export { UPSAMPLE, UPSAMPLE_GRADIENT } from './upsampleKernels.ts'
