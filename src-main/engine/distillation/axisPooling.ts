import { tf } from '../tensor.ts'

/**
 * Averaging weights of `cells` equal stretches over an axis of `extent` voxels: row i holds the share of each
 * voxel that lies in [i, i + 1) · extent / cells, divided by the stretch's length. Every row sums to 1 and
 * every voxel has the same weight over all rows, whatever the two counts are, so the mean over the nodes is
 * the mean over the voxels. With more cells than voxels, neighbouring rows share a voxel.
 *
 * @returns cells × extent, row-major
 */
export function areaWeights(extent: number, cells: number): Float32Array {
  const weights = new Float32Array(cells * extent)
  const length = extent / cells
  for (let i = 0; i < cells; i++) {
    const start = i * length
    for (let v = 0; v < extent; v++) {
      const overlap = Math.min(v + 1, start + length) - Math.max(v, start)
      // A sliver below 1e-6 is rounding of the division, not geometry.
      if (overlap > 1e-6) weights[i * extent + v] = overlap / length
    }
  }
  return weights
}

/**
 * Marks the voxels of an axis within `margin` voxels of each stretch. A cell touches a mask dilated by a box
 * of radius `margin` exactly where the cell enlarged by `margin` holds a voxel of the mask.
 *
 * @returns cells × extent, row-major, 0 or 1
 */
export function reachWeights(extent: number, cells: number, margin: number): Float32Array {
  const weights = new Float32Array(cells * extent)
  const length = extent / cells
  for (let i = 0; i < cells; i++) {
    const start = i * length - margin
    const end = (i + 1) * length + margin
    for (let v = 0; v < extent; v++) {
      if (Math.min(v + 1, end) - Math.max(v, start) > 1e-6) weights[i * extent + v] = 1
    }
  }
  return weights
}

/** Weights of an axis as a function of its extent and the wanted cells. */
export type AxisWeights = (extent: number, cells: number) => Float32Array

/** Cells along z, y, x. */
export type CellGrid = readonly [number, number, number]

export interface AxisPooling {
  /**
   * Applies the weights along z, then y, then x: three matrix products, differentiable on every backend
   * (average pooling in 3D is slow or has no gradient on some).
   *
   * @param x B×D×H×W×C
   * @returns B×cells_z×cells_y×cells_x×C
   */
  apply(x: tf.Tensor5D, cells: CellGrid): tf.Tensor5D
  dispose(): void
}

/** Opens a pooling; matrices are made once for every pair of extent and cells. */
export function axisPooling(weights: AxisWeights): AxisPooling {
  const matrices = new Map<string, tf.Tensor3D>()
  const matrix = (extent: number, cells: number): tf.Tensor3D => {
    const key = `${extent}/${cells}`
    let found = matrices.get(key)
    if (!found) {
      found = tf.keep(tf.tensor3d(weights(extent, cells), [1, cells, extent]))
      matrices.set(key, found)
    }
    return found
  }
  return {
    apply: (x, [depth, height, width]) => {
      const [batch, d, h, w, channels] = x.shape
      const alongZ = tf.matMul(
        matrix(d, depth),
        x.reshape<tf.Tensor3D>([batch, d, h * w * channels]),
      )
      const alongY = tf.matMul(
        matrix(h, height),
        alongZ.reshape<tf.Tensor3D>([batch * depth, h, w * channels]),
      )
      const alongX = tf.matMul(
        matrix(w, width),
        alongY.reshape<tf.Tensor3D>([batch * depth * height, w, channels]),
      )
      return alongX.reshape([batch, depth, height, width, channels])
    },
    dispose: () => {
      for (const kept of matrices.values()) kept.dispose()
      matrices.clear()
    },
  }
}
