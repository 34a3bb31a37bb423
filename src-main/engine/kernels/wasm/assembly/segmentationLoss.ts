import { argument, floatArgument, pointerArgument, takeTask } from './control'
import { exponentials } from './softmax'
import { logarithm } from './vectorMath'

/**
 * Softmax of every voxel, and a chunk's sums for cross-entropy and Dice.
 *
 * Sums, in double precision: Σ y·log p, then a class each Σ p·y, Σ p, Σ y. A task is one chunk of voxels, whose size is
 * fixed; the host adds the chunks in order.
 */
export function lossSums(): void {
  const logits = pointerArgument(0)
  const target = pointerArgument(1)
  const probabilities = pointerArgument(2)
  const sums = pointerArgument(3)
  const voxels = argument(4)
  const classes = argument(5)
  const voxelsAChunk = argument(6)
  const rowBytes = (<usize>classes) << 2
  const chunkBytes = <usize>(1 + 3 * classes) << 3
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const chunk = sums + <usize>task * chunkBytes
    memory.fill(chunk, 0, chunkBytes)
    const end = min((task + 1) * voxelsAChunk, voxels)
    let logLikelihood: f64 = 0
    for (let voxel = task * voxelsAChunk; voxel < end; voxel++) {
      const offset = <usize>voxel * rowBytes
      const x = logits + offset
      const y = target + offset
      const p = probabilities + offset
      let best = load<f32>(x)
      for (let at: usize = 4; at < rowBytes; at += 4) best = max(best, load<f32>(x + at))
      const total = exponentials(x, p, rowBytes, best)
      const logTotal = best + f32x4.extract_lane(logarithm(f32x4.splat(total)), 0)
      const factor: f32 = (<f32>1) / total
      let entry = chunk + 8
      for (let at: usize = 0; at < rowBytes; at += 4) {
        const probability = load<f32>(p + at) * factor
        const truth = load<f32>(y + at)
        store<f32>(p + at, probability)
        if (truth !== 0) {
          logLikelihood += <f64>(truth * (load<f32>(x + at) - logTotal))
          store<f64>(entry, load<f64>(entry) + <f64>(probability * truth))
          store<f64>(entry, load<f64>(entry, 16) + <f64>truth, 16)
        }
        store<f64>(entry, load<f64>(entry, 8) + <f64>probability, 8)
        entry += 24
      }
    }
    store<f64>(chunk, logLikelihood)
  }
}

/**
 * Gradient with respect to the logits, in place of the probabilities: with g_c = a_c·y_c + b_c the gradient of the Dice term
 * with respect to p_c,
 *
 *     d_c = p_c · (g_c − Σ_k p_k g_k) + w · (p_c Σ_k y_k − y_c)
 *
 * `coefficients` holds a_c, b_c a class. A task is one chunk of voxels.
 */
export function lossGradient(): void {
  const probabilities = pointerArgument(0)
  const target = pointerArgument(1)
  const coefficients = pointerArgument(2)
  const voxels = argument(3)
  const classes = argument(4)
  const voxelsAChunk = argument(5)
  const weight = floatArgument(6)
  const rowBytes = (<usize>classes) << 2
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const end = min((task + 1) * voxelsAChunk, voxels)
    for (let voxel = task * voxelsAChunk; voxel < end; voxel++) {
      const p = probabilities + <usize>voxel * rowBytes
      const y = target + <usize>voxel * rowBytes
      let mean: f32 = 0
      let mass: f32 = 0
      for (let at: usize = 0; at < rowBytes; at += 4) {
        const truth = load<f32>(y + at)
        mean += load<f32>(p + at) * slope(coefficients + 2 * at, truth)
        mass += truth
      }
      for (let at: usize = 0; at < rowBytes; at += 4) {
        const truth = load<f32>(y + at)
        const probability = load<f32>(p + at)
        const dice = probability * (slope(coefficients + 2 * at, truth) - mean)
        store<f32>(p + at, dice + weight * (probability * mass - truth))
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function slope(coefficient: usize, truth: f32): f32 {
  return load<f32>(coefficient) * truth + load<f32>(coefficient, 4)
}
