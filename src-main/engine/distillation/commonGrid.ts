import type { tf } from '../tensor.ts'
import { areaWeights, axisPooling } from './axisPooling.ts'
import type { TapShape } from './distillationStrategy.ts'

/** Brings a layer of two networks to one grid: the coarser extent along every axis. */
export interface CommonGrid {
  /** Averages to the common grid; the features themselves where they already have it. B×D×H×W×C. */
  apply(features: tf.Tensor5D): tf.Tensor5D
  dispose(): void
}

export function commonGrid(student: TapShape, teacher: TapShape): CommonGrid {
  const extent = [0, 1, 2].map((axis) => Math.min(student[axis], teacher[axis]))
  const [depth, height, width] = extent
  const pooling = axisPooling(areaWeights)
  return {
    apply: (features) =>
      extent.every((size, axis) => features.shape[axis + 1] === size)
        ? features
        : pooling.apply(features, [depth, height, width]),
    dispose: pooling.dispose,
  }
}
