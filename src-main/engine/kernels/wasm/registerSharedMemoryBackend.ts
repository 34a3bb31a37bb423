import { tf } from '../../tensor.ts'
import { convolutionKernels } from './convolutionKernels.ts'
import { elementwiseKernels } from './elementwiseKernels.ts'
import { SHARED_MEMORY_BACKEND } from './floatKernel.ts'
import { INSTANCE_NORM, instanceNormKernels } from './instanceNormKernels.ts'
import { KernelModule } from './kernelModule.ts'
import type { KernelModuleOptions } from './kernelModule.ts'
import { layoutKernels } from './layoutKernels.ts'
import { matMulKernel } from './matMulKernel.ts'
import { poolingKernels } from './poolingKernels.ts'
import { reductionKernels } from './reductionKernels.ts'
import { segmentationLossKernel } from './segmentationLossKernel.ts'
import { SharedMemoryBackend } from './sharedMemoryBackend.ts'
import { upsampleKernels } from './upsampleKernels.ts'

/**
 * Registers the backend with tfjs: our kernels where we have one, tfjs's JavaScript kernels for the rest. Gradients are
 * tfjs's own; they belong to operations, not to backends.
 *
 * @returns the name to hand to `tf.setBackend`; the same for every call. Until `tf.removeBackend`, the first call's
 *   options count.
 */
export function registerSharedMemoryBackend(options: KernelModuleOptions): string {
  if (!tf.findBackendFactory(SHARED_MEMORY_BACKEND)) {
    tf.registerBackend(
      SHARED_MEMORY_BACKEND,
      () => new SharedMemoryBackend(new KernelModule(options)),
    )
    registerKernelsOnce()
  }
  return SHARED_MEMORY_BACKEND
}

function registerKernelsOnce(): void {
  if (tf.getKernel(INSTANCE_NORM, SHARED_MEMORY_BACKEND)) return
  const own = [
    ...convolutionKernels(),
    ...elementwiseKernels(),
    ...instanceNormKernels(),
    ...layoutKernels(),
    matMulKernel(),
    ...poolingKernels(),
    ...reductionKernels(),
    segmentationLossKernel(),
    ...upsampleKernels(),
  ]
  const names = new Set(own.map((kernel) => kernel.kernelName))
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    if (!names.has(kernel.kernelName)) {
      tf.registerKernel({ ...kernel, backendName: SHARED_MEMORY_BACKEND })
    }
  }
  own.forEach((kernel) => tf.registerKernel(kernel))
}
