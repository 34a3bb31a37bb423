import type { tf } from '../../tensor.ts'
import { SEGMENTATION_LOSS } from '../wasm/index.ts'
import {
  chunkLossShader,
  combineLossShader,
  LOSS_THREADS,
  LOSS_VOXELS_A_CHUNK,
  lossGradientShader,
  lossSums,
} from './segmentationLossShaders.ts'
import { webgpuKernel, type KernelCall } from './webgpuKernel.ts'

/** (logits, target), both N×C → [total, dice, crossEntropy, gradient of the total by the logits]. */
export function segmentationLossKernel(): tf.KernelConfig {
  return webgpuKernel(SEGMENTATION_LOSS, segmentationLoss)
}

function segmentationLoss({ inputs, attributes, backend }: KernelCall): tf.TensorInfo[] {
  const { logits, target } = inputs as Record<string, tf.TensorInfo>
  const { dice, crossEntropy, smoothing } = attributes as {
    readonly dice: number
    readonly crossEntropy: number
    readonly smoothing: number
  }
  const [voxels, classes] = logits!.shape as [number, number]
  const chunks = Math.ceil(voxels / LOSS_VOXELS_A_CHUNK)
  const probabilities = backend.makeFloats(logits!.shape)
  const partial = backend.makeFloats([chunks, lossSums(classes)])
  const slopes = backend.makeFloats([classes, 2])
  const scalars = [backend.makeFloats([]), backend.makeFloats([]), backend.makeFloats([])]
  const gradient = backend.makeFloats(logits!.shape)
  backend.run({
    key: `loss of chunks, ${classes} classes`,
    code: () => chunkLossShader(classes),
    inputs: [logits!, target!],
    outputs: [probabilities, partial],
    uniforms: [{ i32: voxels }],
    workgroups: chunks,
    flops: 20 * voxels * classes,
  })
  backend.run({
    key: `loss, ${classes} classes`,
    code: () => combineLossShader(classes),
    inputs: [partial],
    outputs: [...scalars, slopes],
    uniforms: [
      ...[{ i32: chunks }, { i32: voxels }],
      ...[{ f32: dice }, { f32: crossEntropy }, { f32: smoothing }],
    ],
    workgroups: 1,
    flops: 0,
  })
  backend.run({
    key: `gradient of loss, ${classes} classes`,
    code: () => lossGradientShader(classes),
    inputs: [probabilities, target!, slopes],
    outputs: [gradient],
    uniforms: [{ i32: voxels }, { f32: crossEntropy / voxels }],
    workgroups: Math.ceil(voxels / LOSS_THREADS),
    flops: 12 * voxels * classes,
  })
  for (const temporary of [probabilities, partial, slopes]) backend.release(temporary)
  return [...scalars, gradient]
}
