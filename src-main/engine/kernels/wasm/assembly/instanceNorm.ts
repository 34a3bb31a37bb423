import { argument, floatArgument, pointerArgument, takeTask } from './control'
import { madd } from './fusedMultiplyAdd'

/**
 * Instance normalisation of B×N×C in three operations a direction: partial moments of fixed chunks of voxels, their
 * combination in double precision, and the pass that writes the result. Chunk sizes follow from the shape alone, so the
 * result does not depend on the number of threads.
 *
 * A chunk's buffer holds 2·C floats: mean and sum of squared deviations forwards, Σdz and Σdz·x̂ backwards.
 */

/** Partial moments. A task is one sample and chunk: in the first cache, two passes cost less than one unstable one. */
export function chunkMoments(): void {
  const x = pointerArgument(0)
  const partial = pointerArgument(1)
  const voxels = argument(2)
  const channels = argument(3)
  const chunks = argument(4)
  const voxelsAChunk = argument(5)
  const stride = (<usize>channels) << 2
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const first = (task % chunks) * voxelsAChunk
    const count = min(voxelsAChunk, voxels - first)
    const rows = x + <usize>((task / chunks) * voxels + first) * stride
    const target = partial + <usize>task * 2 * stride
    const factor = (<f32>1) / <f32>count
    for (let channel = 0; channel < channels; channel += 4) {
      const offset = (<usize>channel) << 2
      let sum = f32x4.splat(0)
      let row = rows + offset
      for (let index = 0; index < count; index++, row += stride) sum = f32x4.add(sum, v128.load(row))
      const mean = f32x4.mul(sum, f32x4.splat(factor))
      let squares = f32x4.splat(0)
      row = rows + offset
      for (let index = 0; index < count; index++, row += stride) {
        const deviation = f32x4.sub(v128.load(row), mean)
        squares = madd(deviation, deviation, squares)
      }
      storeLanes(target + offset, mean, channels - channel)
      storeLanes(target + stride + offset, squares, channels - channel)
    }
  }
}

/** Mean and 1/√(σ² + ε) of each sample and channel from the chunks (Chan's formula). A task is one sample. */
export function combineMoments(): void {
  const partial = pointerArgument(0)
  const moments = pointerArgument(1)
  const voxels = argument(2)
  const channels = argument(3)
  const chunks = argument(4)
  const voxelsAChunk = argument(5)
  const epsilon = <f64>floatArgument(6)
  const stride = (<usize>channels) << 2
  for (let sample = takeTask(); sample >= 0; sample = takeTask()) {
    for (let channel = 0; channel < channels; channel++) {
      const offset = (<usize>channel) << 2
      let count: f64 = 0
      let mean: f64 = 0
      let squares: f64 = 0
      for (let chunk = 0; chunk < chunks; chunk++) {
        const entry = partial + <usize>(sample * chunks + chunk) * 2 * stride + offset
        const n = <f64>min(voxelsAChunk, voxels - chunk * voxelsAChunk)
        const delta = <f64>load<f32>(entry) - mean
        const total = count + n
        squares += <f64>load<f32>(entry + stride) + (delta * delta * count * n) / total
        mean += (delta * n) / total
        count = total
      }
      const target = moments + <usize>sample * 2 * stride + offset
      store<f32>(target, <f32>mean)
      store<f32>(target + stride, <f32>(1 / sqrt(squares / count + epsilon)))
    }
  }
}

/** y = leaky(γ x̂ + β). A task is one sample and chunk. */
export function normalise(): void {
  const x = pointerArgument(0)
  const y = pointerArgument(1)
  const moments = pointerArgument(2)
  const gamma = pointerArgument(3)
  const beta = pointerArgument(4)
  const voxels = argument(5)
  const channels = argument(6)
  const chunks = argument(7)
  const voxelsAChunk = argument(8)
  const slope = f32x4.splat(floatArgument(9))
  const stride = (<usize>channels) << 2
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const sample = task / chunks
    const first = (task % chunks) * voxelsAChunk
    const count = min(voxelsAChunk, voxels - first)
    const start = <usize>(sample * voxels + first) * stride
    const statistics = moments + <usize>sample * 2 * stride
    for (let channel = 0; channel < channels; channel += 4) {
      const offset = (<usize>channel) << 2
      const left = channels - channel
      const mean = v128.load(statistics + offset)
      const scale = f32x4.mul(v128.load(gamma + offset), v128.load(statistics + stride + offset))
      const shift = v128.load(beta + offset)
      let from = x + start + offset
      let to = y + start + offset
      for (let index = 0; index < count; index++, from += stride, to += stride) {
        const z = madd(f32x4.sub(v128.load(from), mean), scale, shift)
        const active = v128.bitselect(z, f32x4.mul(z, slope), f32x4.gt(z, f32x4.splat(0)))
        if (left >= 4) v128.store(to, active)
        else storeLanes(to, active, left)
      }
    }
  }
}

/** Σdz and Σdz·x̂ of a chunk. A task is one sample and chunk. */
export function chunkGradientSums(): void {
  const x = pointerArgument(0)
  const dy = pointerArgument(1)
  const partial = pointerArgument(2)
  const moments = pointerArgument(3)
  const gamma = pointerArgument(4)
  const beta = pointerArgument(5)
  const voxels = argument(6)
  const channels = argument(7)
  const chunks = argument(8)
  const voxelsAChunk = argument(9)
  const slope = f32x4.splat(floatArgument(10))
  const stride = (<usize>channels) << 2
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const sample = task / chunks
    const first = (task % chunks) * voxelsAChunk
    const count = min(voxelsAChunk, voxels - first)
    const start = <usize>(sample * voxels + first) * stride
    const statistics = moments + <usize>sample * 2 * stride
    const target = partial + <usize>task * 2 * stride
    for (let channel = 0; channel < channels; channel += 4) {
      const offset = (<usize>channel) << 2
      const mean = v128.load(statistics + offset)
      const inverse = v128.load(statistics + stride + offset)
      const scale = v128.load(gamma + offset)
      const shift = v128.load(beta + offset)
      let sum = f32x4.splat(0)
      let weighted = f32x4.splat(0)
      let value = x + start + offset
      let gradient = dy + start + offset
      for (let index = 0; index < count; index++, value += stride, gradient += stride) {
        const normalised = f32x4.mul(f32x4.sub(v128.load(value), mean), inverse)
        const dz = throughActivation(v128.load(gradient), normalised, scale, shift, slope)
        sum = f32x4.add(sum, dz)
        weighted = madd(dz, normalised, weighted)
      }
      storeLanes(target + offset, sum, channels - channel)
      storeLanes(target + stride + offset, weighted, channels - channel)
    }
  }
}

/** Sums of the chunks, a sample and channel, and over samples into dβ and dγ. One task. */
export function combineGradientSums(): void {
  const partial = pointerArgument(0)
  const sums = pointerArgument(1)
  const dGamma = pointerArgument(2)
  const dBeta = pointerArgument(3)
  const samples = argument(4)
  const channels = argument(5)
  const chunks = argument(6)
  const stride = (<usize>channels) << 2
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    for (let channel = 0; channel < channels; channel++) {
      const offset = (<usize>channel) << 2
      let allSum: f64 = 0
      let allWeighted: f64 = 0
      for (let sample = 0; sample < samples; sample++) {
        let sum: f64 = 0
        let weighted: f64 = 0
        for (let chunk = 0; chunk < chunks; chunk++) {
          const entry = partial + <usize>(sample * chunks + chunk) * 2 * stride + offset
          sum += load<f32>(entry)
          weighted += load<f32>(entry + stride)
        }
        const target = sums + <usize>sample * 2 * stride + offset
        store<f32>(target, <f32>sum)
        store<f32>(target + stride, <f32>weighted)
        allSum += sum
        allWeighted += weighted
      }
      store<f32>(dBeta + offset, <f32>allSum)
      store<f32>(dGamma + offset, <f32>allWeighted)
    }
  }
}

/** dx = γ/σ · (dz − mean(dz) − x̂ · mean(dz·x̂)). A task is one sample and chunk. */
export function normaliseGradient(): void {
  const x = pointerArgument(0)
  const dy = pointerArgument(1)
  const dx = pointerArgument(2)
  const moments = pointerArgument(3)
  const sums = pointerArgument(4)
  const gamma = pointerArgument(5)
  const beta = pointerArgument(6)
  const voxels = argument(7)
  const channels = argument(8)
  const chunks = argument(9)
  const voxelsAChunk = argument(10)
  const slope = f32x4.splat(floatArgument(11))
  const stride = (<usize>channels) << 2
  const share = f32x4.splat((<f32>1) / <f32>voxels)
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const sample = task / chunks
    const first = (task % chunks) * voxelsAChunk
    const count = min(voxelsAChunk, voxels - first)
    const start = <usize>(sample * voxels + first) * stride
    const statistics = moments + <usize>sample * 2 * stride
    const totals = sums + <usize>sample * 2 * stride
    for (let channel = 0; channel < channels; channel += 4) {
      const offset = (<usize>channel) << 2
      const left = channels - channel
      const mean = v128.load(statistics + offset)
      const inverse = v128.load(statistics + stride + offset)
      const scale = v128.load(gamma + offset)
      const shift = v128.load(beta + offset)
      const factor = f32x4.mul(scale, inverse)
      const meanGradient = f32x4.mul(v128.load(totals + offset), share)
      const meanWeighted = f32x4.mul(v128.load(totals + stride + offset), share)
      let value = x + start + offset
      let gradient = dy + start + offset
      let to = dx + start + offset
      for (
        let index = 0;
        index < count;
        index++, value += stride, gradient += stride, to += stride
      ) {
        const normalised = f32x4.mul(f32x4.sub(v128.load(value), mean), inverse)
        const dz = throughActivation(v128.load(gradient), normalised, scale, shift, slope)
        const centred = f32x4.sub(dz, meanGradient)
        const result = f32x4.mul(
          f32x4.sub(centred, f32x4.mul(normalised, meanWeighted)),
          factor,
        )
        if (left >= 4) v128.store(to, result)
        else storeLanes(to, result, left)
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function throughActivation(dy: v128, normalised: v128, scale: v128, shift: v128, slope: v128): v128 {
  const z = madd(normalised, scale, shift)
  return v128.bitselect(dy, f32x4.mul(dy, slope), f32x4.gt(z, f32x4.splat(0)))
}

// @ts-ignore: decorator
@inline
function storeLanes(target: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(target, value)
    return
  }
  store<f32>(target, f32x4.extract_lane(value, 0))
  if (count > 1) store<f32>(target, f32x4.extract_lane(value, 1), 4)
  if (count > 2) store<f32>(target, f32x4.extract_lane(value, 2), 8)
}
