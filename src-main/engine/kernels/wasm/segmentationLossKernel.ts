import type { tf } from '../../tensor.ts'
import { floatKernel } from './floatKernel.ts'
import type { KernelCall } from './floatKernel.ts'
import { floatBits } from './kernelModule.ts'
import { OPERATIONS } from './operations.ts'

/** A name of our own, beside tfjs's: kernels/softmaxCrossEntropyDice.ts runs it where it is registered. */
export const SEGMENTATION_LOSS = 'GliadeskSegmentationLoss'

const VOXELS_A_CHUNK = 2048

/** (logits, target), both N×C → [total, dice, crossEntropy, gradient of the total by the logits]. */
export function segmentationLossKernel(): tf.KernelConfig {
  return floatKernel(SEGMENTATION_LOSS, segmentationLoss)
}

function segmentationLoss({ inputs, attributes, backend }: KernelCall): tf.TensorInfo[] {
  const { logits, target } = inputs
  const {
    dice: diceWeight,
    crossEntropy: entropyWeight,
    smoothing,
  } = attributes as {
    dice: number
    crossEntropy: number
    smoothing: number
  }
  const { module } = backend
  const [voxels, classes] = logits!.shape as [number, number]
  const chunks = Math.ceil(voxels / VOXELS_A_CHUNK)
  const gradient = backend.makeFloats(logits!.shape)
  const width = 1 + 3 * classes
  const partial = module.heap.allocate(chunks * width * 8)
  module.run(OPERATIONS.lossSums, chunks, [
    ...[backend.address(logits!), backend.address(target!), backend.address(gradient)],
    ...[partial, voxels, classes, VOXELS_A_CHUNK],
  ])
  const sums = addChunks(module.heap.doubles(partial, chunks * width), width)
  module.heap.release(partial)

  const coefficients = module.heap.allocate(classes * 2 * 4)
  const slopes = module.heap.floats(coefficients, classes * 2)
  const foreground = classes - 1
  let ratios = 0
  for (let c = 0; c < classes; c++) {
    const overlap = 2 * sums[1 + 3 * c]! + smoothing
    const mass = sums[2 + 3 * c]! + sums[3 + 3 * c]! + smoothing
    if (c > 0) ratios += overlap / mass
    slopes[2 * c] = c === 0 ? 0 : (-2 * diceWeight) / (foreground * mass)
    slopes[2 * c + 1] = c === 0 ? 0 : (diceWeight * overlap) / (foreground * mass * mass)
  }
  module.run(OPERATIONS.lossGradient, chunks, [
    ...[backend.address(gradient), backend.address(target!), coefficients, voxels, classes],
    ...[VOXELS_A_CHUNK, floatBits(entropyWeight / voxels)],
  ])
  module.heap.release(coefficients)

  const dice = 1 - ratios / foreground
  const crossEntropy = -sums[0]! / voxels
  const scalars = [diceWeight * dice + entropyWeight * crossEntropy, dice, crossEntropy]
  return [
    ...scalars.map((value) => backend.makeTensorInfo([], 'float32', new Float32Array([value]))),
    gradient,
  ]
}

function addChunks(partial: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(width)
  for (let i = 0; i < partial.length; i++) sums[i % width]! += partial[i]!
  return sums
}
