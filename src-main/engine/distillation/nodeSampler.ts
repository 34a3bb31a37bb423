import { tf } from '../tensor.ts'
import { areaWeights, axisPooling, reachWeights, type CellGrid } from './axisPooling.ts'

/** How a feature map becomes the nodes of a graph. Node features are means, so crops of any size compare. */
export interface NodeSampler {
  /** Nodes of one sample and layer, N; the same for every layer, so that layers can be joined cell by cell. */
  readonly count: number
  /** Cells along z, y, x where nodes are places; null where they are classes. */
  readonly grid: CellGrid | null
  /**
   * @param features B×D×H×W×C of any layer
   * @param classes one-hot at the finest level, B×D₀×H₀×W₀×K
   * @returns B×N×C
   */
  sample(features: tf.Tensor5D, classes: tf.Tensor5D): tf.Tensor3D
  /** 1 where a node has voxels, else 0: B×N. */
  presence(classes: tf.Tensor5D): tf.Tensor2D
  /** 1 where a node touches the dilated tumour (any class above 0), else 0: B×N. */
  touchesTumour(classes: tf.Tensor5D): tf.Tensor2D
  dispose(): void
}

/** The rim of the tumour decides its outline, so cells that hold only the rim count as tumour too. */
export const TUMOUR_MARGIN_VOXELS = 2

/** Nodes are the cells of a regular grid, averaged: P_ℓ of docs/gkd.md with `grid` (or `depthSlices`: N×1×1). */
export function gridNodes(grid: CellGrid): NodeSampler {
  const mean = axisPooling(areaWeights)
  const reach = axisPooling((extent, cells) => reachWeights(extent, cells, TUMOUR_MARGIN_VOXELS))
  const count = grid[0] * grid[1] * grid[2]
  return {
    count,
    grid,
    sample: (features) =>
      mean.apply(features, grid).reshape([features.shape[0], count, features.shape[4]]),
    presence: (classes) => tf.ones([classes.shape[0], count]),
    touchesTumour: (classes) => {
      const batch = classes.shape[0]
      const tumour = tf.matMul(
        classes.reshape<tf.Tensor2D>([-1, classes.shape[4]]),
        foreground(classes.shape[4]),
      )
      const [, d, h, w] = classes.shape
      const near = reach.apply(tumour.reshape([batch, d, h, w, 1]), grid)
      return near.reshape<tf.Tensor2D>([batch, count]).greater<tf.Tensor2D>(0.5).toFloat()
    },
    dispose: () => {
      mean.dispose()
      reach.dispose()
    },
  }
}

/** Nodes are the label's classes: masked means over each class, background first. */
export function regionNodes(classCount: number): NodeSampler {
  const mean = axisPooling(areaWeights)
  return {
    count: classCount,
    grid: null,
    sample: (features, classes) => {
      const [batch, d, h, w, channels] = features.shape
      const shares = membership(mean, classes, [d, h, w])
      const sums = tf.matMul(shares, features.reshape([batch, d * h * w, channels]), true)
      return sums.div(shares.sum(1).expandDims(2).maximum(SMALLEST_MASS))
    },
    presence: (classes) => classMass(classes).greater<tf.Tensor2D>(0).toFloat(),
    touchesTumour: (classes) => {
      const inside = foreground(classCount).reshape<tf.Tensor2D>([1, classCount])
      return classMass(classes).greater(0).toFloat().mul<tf.Tensor2D>(inside)
    },
    dispose: () => mean.dispose(),
  }
}

/** A class has a whole voxel or none; the smallest share of a coarse voxel is far above this. */
const SMALLEST_MASS = 1e-9

/** Share of each class in the voxels of a coarser level: B×V×K. */
function membership(
  mean: ReturnType<typeof axisPooling>,
  classes: tf.Tensor5D,
  extent: CellGrid,
): tf.Tensor3D {
  const [batch, d, h, w, k] = classes.shape
  const same = d === extent[0] && h === extent[1] && w === extent[2]
  const shares = same ? classes : mean.apply(classes, extent)
  return shares.reshape([batch, extent[0] * extent[1] * extent[2], k])
}

const classMass = (classes: tf.Tensor5D): tf.Tensor2D => classes.sum([1, 2, 3])

/** K×1: 0 for the background, 1 for every tumour class. */
const foreground = (classes: number): tf.Tensor2D =>
  tf.tensor2d(
    Array.from({ length: classes }, (_, c) => (c === 0 ? 0 : 1)),
    [classes, 1],
  )
