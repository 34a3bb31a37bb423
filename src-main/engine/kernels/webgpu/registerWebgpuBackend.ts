import { tf } from '../../tensor.ts'
import { INSTANCE_NORM } from '../wasm/index.ts'
import { castKernel } from './castKernel.ts'
import { convolutionKernels } from './convolutionKernels.ts'
import type { RemoteDevice } from './device/remoteDevice.ts'
import { instanceNormKernels } from './instanceNormKernels.ts'
import { segmentationLossKernel } from './segmentationLossKernel.ts'
import { selectKernel } from './selectKernel.ts'
import { loadTfjsWebgpu } from './tfjsWebgpu.ts'
import { upsampleKernels } from './upsampleKernels.ts'
import { createWebgpuBackend } from './webgpuBackend.ts'
import { WEBGPU_BACKEND } from './webgpuKernel.ts'

/**
 * Registers the backend with tfjs: our kernels where we have one, tfjs's WebGPU kernels for the rest. Gradients are
 * tfjs's own.
 * Ends the device of an earlier call.
 *
 * @param flopsASubmission see `WebgpuBackend`; less than the default shows whether work is cut rightly
 */
export function registerWebgpuBackend(device: RemoteDevice, flopsASubmission?: number): void {
  if (tf.findBackendFactory(WEBGPU_BACKEND)) tf.removeBackend(WEBGPU_BACKEND)
  tf.registerBackend(WEBGPU_BACKEND, () => createWebgpuBackend(device, flopsASubmission))
  registerKernelsOnce()
}

function registerKernelsOnce(): void {
  if (tf.getKernel(INSTANCE_NORM, WEBGPU_BACKEND)) return
  loadTfjsWebgpu()
  const own = [
    castKernel(),
    ...convolutionKernels(),
    ...instanceNormKernels(),
    segmentationLossKernel(),
    selectKernel(),
    ...upsampleKernels(),
  ]
  const names = new Set(own.map((kernel) => kernel.kernelName))
  for (const kernel of tf.getKernelsForBackend('webgpu')) {
    if (!names.has(kernel.kernelName)) {
      tf.registerKernel({ ...kernel, backendName: WEBGPU_BACKEND })
    }
  }
  own.forEach((kernel) => tf.registerKernel(kernel))
}
