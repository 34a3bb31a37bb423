import { alongRows, axisWeights, type AxisWeights, type Triple } from '../data/index.ts'

/**
 * Up to this much probability outside of the background a voxel is certain: its label is background and its entropy at
 * most h(δ) + δ ln(C − 1) < 0.0012 nats, h the binary entropy: under half a step of the 8-bit map for any number of
 * classes C. Interpolation takes weighted means, which never exceed what they are taken of, so whole stretches of
 * certain voxels need not be computed and nothing comes out differently.
 */
const CERTAIN = 1e-4

export interface LabelsAndEntropy {
  readonly labels: Uint8Array
  /** 0 (sure) to 255 (all classes alike). */
  readonly entropy: Uint8Array
}

/**
 * Class probabilities on a coarse grid → the most probable class (the lower on a tie) and the entropy of every voxel of
 * a finer grid over the same box. It goes row by row, so the resampled probabilities are never held. The answer is that
 * of resampling every class with `resample` and reading it off the results, bit for bit.
 *
 * @param probabilities one volume a class, summing to 1 in every voxel
 * @param dims voxels along x, y, z of each
 * @param size voxels along x, y, z of the answer
 */
export function labelsOnGrid(
  probabilities: readonly Float32Array[],
  dims: Triple,
  size: Triple,
): LabelsAndEntropy {
  const [sx, sy, sz] = size
  const weightsX = axisWeights(dims[0], sx)
  const wide = probabilities.map((volume) =>
    dims[0] === sx ? volume : alongRows(volume, weightsX, dims[0], dims[1] * dims[2]),
  )
  const stretches = uncertainStretches(wide, sx)
  const tapsY = tapsByTarget(axisWeights(dims[1], sy))
  const tapsZ = tapsByTarget(axisWeights(dims[2], sz))
  const answer = { labels: new Uint8Array(sx * sy * sz), entropy: new Uint8Array(sx * sy * sz) }
  const row = wide.map(() => new Float32Array(sx))
  const slice = new Float32Array(sx)
  for (let k = 0; k < sz; k++) {
    for (let j = 0; j < sy; j++) {
      let [low, high] = [sx, 0]
      for (const z of tapsZ[k]) {
        for (const y of tapsY[j]) {
          const source = y.index + dims[1] * z.index
          low = Math.min(low, stretches.low[source])
          high = Math.max(high, stretches.high[source])
        }
      }
      if (low >= high) continue
      for (let c = 0; c < row.length; c++) {
        row[c].fill(0, low, high)
        for (const z of tapsZ[k]) {
          slice.fill(0, low, high)
          for (const y of tapsY[j]) {
            addWeighted(slice, wide[c], sx * (y.index + dims[1] * z.index), y.weight, low, high)
          }
          addWeighted(row[c], slice, 0, z.weight, low, high)
        }
      }
      readRow(row, low, high, sx * (j + sy * k), answer)
    }
  }
  return answer
}

/** First and one past the last voxel of every row that is not certain background; high ≤ low where all are. */
function uncertainStretches(
  probabilities: readonly Float32Array[],
  length: number,
): { low: Int32Array; high: Int32Array } {
  const rows = probabilities[0].length / length
  const low = new Int32Array(rows).fill(length)
  const high = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < length; i++) {
      let foreground = 0
      for (let c = 1; c < probabilities.length; c++)
        foreground += probabilities[c][row * length + i]
      // Not "> CERTAIN": what is not a number is not certain either.
      if (foreground <= CERTAIN) continue
      if (i < low[row]) low[row] = i
      high[row] = i + 1
    }
  }
  return { low, high }
}

interface Tap {
  readonly index: number
  readonly weight: number
}

/** The source indices of every target index, with their weights other than 0. */
function tapsByTarget({ first, taps, weights }: AxisWeights): Tap[][] {
  return Array.from(first, (start, target) =>
    Array.from({ length: taps }, (_, tap) => ({
      index: start + tap,
      weight: weights[target * taps + tap],
    })).filter(({ weight }) => weight !== 0),
  )
}

function addWeighted(
  target: Float32Array,
  source: Float32Array,
  offset: number,
  weight: number,
  low: number,
  high: number,
): void {
  for (let i = low; i < high; i++) target[i] += weight * source[offset + i]
}

function readRow(
  row: readonly Float32Array[],
  low: number,
  high: number,
  offset: number,
  { labels, entropy }: LabelsAndEntropy,
): void {
  const scale = 255 / Math.log(row.length)
  for (let i = low; i < high; i++) {
    let best = 0
    let nats = 0
    for (let c = 0; c < row.length; c++) {
      const p = row[c][i]
      if (p > row[best][i]) best = c
      if (p > 0) nats -= p * Math.log(p)
    }
    labels[offset + i] = best
    entropy[offset + i] = Math.round(Math.min(255, Math.max(0, nats * scale)))
  }
}
