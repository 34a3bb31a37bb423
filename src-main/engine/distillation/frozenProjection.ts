import type { RandomStream } from '../../imaging/random/randomStream.ts'
import type { FeatureStatistics } from './featureStatistics.ts'
import { symmetricEigenvectors } from './symmetricEigenvectors.ts'

/** An affine map x ↦ x A + b of node features into the embedding, fixed before the first step. */
export interface AffineMap {
  /** C×d row-major. */
  readonly matrix: Float32Array
  /** d. */
  readonly offset: Float32Array
}

/**
 * Standardises every channel with the statistics, then projects to d dimensions: A = diag(1/σ) V, b = −μ A.
 * `pca` takes the leading eigenvectors of the channels' correlation as V, `orthogonal` a random orthonormal V.
 * Where d exceeds the channels, the rest of the embedding is 0. A constant channel is left out.
 */
export function frozenProjection(
  statistics: FeatureStatistics,
  dimension: number,
  kind: 'pca' | 'orthogonal',
  stream: RandomStream,
): AffineMap {
  const { channels } = statistics
  const kept = Math.min(dimension, channels)
  const directions =
    kind === 'pca'
      ? symmetricEigenvectors(statistics.correlation(), channels).vectors
      : orthonormalColumns(channels, kept, stream)
  const stride = kind === 'pca' ? channels : kept
  const mean = statistics.mean()
  const sigma = statistics.deviation()

  const matrix = new Float32Array(channels * dimension)
  const offset = new Float32Array(dimension)
  for (let j = 0; j < kept; j++) {
    let shift = 0
    for (let c = 0; c < channels; c++) {
      const weight = sigma[c] > 0 ? directions[c * stride + j] / sigma[c] : 0
      matrix[c * dimension + j] = weight
      shift -= mean[c] * weight
    }
    offset[j] = shift
  }
  return { matrix, offset }
}

/** Gram–Schmidt, twice for stability, over normal draws: rows × columns row-major, columns ≤ rows. */
export function orthonormalColumns(
  rows: number,
  columns: number,
  stream: RandomStream,
): Float64Array {
  const q = new Float64Array(rows * columns)
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) q[i * columns + j] = stream.normal()
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++) {
        let dot = 0
        for (let i = 0; i < rows; i++) dot += q[i * columns + j] * q[i * columns + k]
        for (let i = 0; i < rows; i++) q[i * columns + j] -= dot * q[i * columns + k]
      }
    }
    let norm = 0
    for (let i = 0; i < rows; i++) norm += q[i * columns + j] ** 2
    norm = Math.sqrt(norm)
    for (let i = 0; i < rows; i++) q[i * columns + j] /= norm
  }
  return q
}
