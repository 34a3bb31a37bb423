import { SEQUENCES } from '../../contract/index.ts'
import {
  extractPatch,
  normaliseIntensity,
  type PreparedCase,
  type Triple,
} from '../../engine/data/index.ts'
import { planCanonical } from '../../imaging/geometry/index.ts'
import { randomStream, type RandomStream } from '../../imaging/random/randomStream.ts'
import { generateSyntheticCase } from '../../imaging/synthetic/index.ts'
import type { ExperimentProtocol } from '../protocol/index.ts'

/** The cases of one seed, in memory: a window of the head around the tumour, normalised by the whole head. */
export interface ExperimentCohort {
  /** With noisy labels. */
  readonly labelled: readonly PreparedCase[]
  /** Their labels are taken away. */
  readonly unlabelled: readonly PreparedCase[]
  /** With exact labels. */
  readonly test: readonly PreparedCase[]
  /** The labelled ones, the pool with its noisy labels, and more. */
  readonly ceiling: readonly PreparedCase[]
}

/**
 * Draws the cases of a seed. A case depends on the seed and its index alone, so that settings which differ in a
 * count share their first cases. Test cases come first: no other count can move them.
 *
 * @param withCeiling whether the many cases of the ceiling are needed
 */
export function experimentCohort(
  protocol: ExperimentProtocol,
  seed: number,
  withCeiling: boolean,
): ExperimentCohort {
  const { cohort } = protocol
  const draw = (index: number, exact: boolean): PreparedCase => {
    const generated = generateSyntheticCase({
      seed,
      index,
      dims: cohort.headDims,
      kappa: cohort.kappa,
      labelNoise: exact ? 0 : cohort.labelNoise,
    })
    const whole: PreparedCase = {
      caseId: `case-${index}`,
      name: `case ${index} of seed ${seed}`,
      sequences: SEQUENCES,
      dims: cohort.headDims,
      channels: SEQUENCES.map((sequence) => {
        const channel = Float32Array.from(generated.images[sequence])
        normaliseIntensity(channel)
        return channel
      }),
      labels: generated.labels,
      foreground: [],
      placement: {
        canonical: planCanonical(generated.grid),
        crop: { origin: [0, 0, 0], size: cohort.headDims },
      },
    }
    const stream = randomStream(seed, `experiment/window/${index}`)
    return cutWindow(whole, generated.trueLabels, cohort.dims, cohort.windowJitter, stream)
  }
  const range = (start: number, count: number, exact: boolean): PreparedCase[] =>
    Array.from({ length: count }, (_, i) => draw(start + i, exact))
  const test = range(0, cohort.test, true)
  const labelled = range(cohort.test, cohort.labelled, false)
  const pool = range(cohort.test + cohort.labelled, cohort.unlabelled, false)
  const known = cohort.labelled + cohort.unlabelled
  const more = withCeiling
    ? range(cohort.test + known, Math.max(0, cohort.ceiling - known), false)
    : []
  return {
    labelled,
    unlabelled: pool.map((each) => ({ ...each, labels: null })),
    test,
    ceiling: withCeiling ? [...labelled, ...pool, ...more] : [],
  }
}

/**
 * Cuts the window that a network sees: around the middle of the tumour, off by up to `jitter` voxels along each axis,
 * inside the head's grid. It stands for a detector that found the lesion, and buys finer voxels for the same work.
 */
function cutWindow(
  whole: PreparedCase,
  trueLabels: Uint8Array,
  size: Triple,
  jitter: number,
  stream: RandomStream,
): PreparedCase {
  const [nx, ny] = whole.dims
  const sums = [0, 0, 0]
  let count = 0
  for (let i = 0; i < trueLabels.length; i++) {
    if (trueLabels[i] === 0) continue
    count++
    sums[0] += i % nx
    sums[1] += Math.floor(i / nx) % ny
    sums[2] += Math.floor(i / (nx * ny))
  }
  const at = (axis: number): number => {
    const off = stream.integer(2 * jitter + 1) - jitter
    const middle = count > 0 ? sums[axis] / count : (whole.dims[axis] - 1) / 2
    const wanted = Math.round(middle + off - (size[axis] - 1) / 2)
    return Math.min(whole.dims[axis] - size[axis], Math.max(0, wanted))
  }
  const origin: Triple = [at(0), at(1), at(2)]
  const { channels, labels } = extractPatch(whole, origin, size)
  return {
    ...whole,
    dims: size,
    channels,
    labels,
    placement: { ...whole.placement, crop: { origin, size } },
  }
}
