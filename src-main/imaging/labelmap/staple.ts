import { requireSameLength } from './requireSameLength.ts'

/** How good a reader is, as STAPLE estimates it. */
export interface ReaderPerformance {
  readonly sensitivity: number
  readonly specificity: number
}

export interface StapleResult {
  /** Probability that a voxel belongs to the true region, 0 … 1. */
  readonly probability: Float32Array
  /** In the order of the readers. */
  readonly readers: readonly ReaderPerformance[]
  readonly iterations: number
}

/** ITK's start: everyone is almost perfect. */
const START = 0.99999
const MAX_ITERATIONS = 200
const TOLERANCE = 1e-9

/**
 * Simultaneous truth and performance level estimation (Warfield, Zou & Wells 2004, doi 10.1109/TMI.2004.828354) of
 * one region: expectation maximisation over the hidden truth and every reader's sensitivity and specificity. The prior is
 * the mean share of the region over all readers and the whole of the masks given, so crop them to the part in question:
 * the estimate depends on it.
 *
 * @param readers masks of the same length, any value but 0 is inside; 1 to 24 of them
 * @returns all 0 where nobody marked anything
 * @throws RangeError where there is no reader, there are too many, or the lengths differ
 */
export function staple(readers: readonly Uint8Array[]): StapleResult {
  requireSameLength(readers)
  if (readers.length > 24) throw new RangeError('STAPLE takes at most 24 readers')
  const { patternOf, patterns, counts } = votingPatterns(readers)
  const total = readers[0].length
  const marked = patterns.reduce((sum, bits, i) => sum + bitCount(bits) * counts[i], 0)
  const prior = total > 0 ? marked / (total * readers.length) : 0
  const sensitivity = readers.map(() => START)
  const specificity = readers.map(() => START)
  const truth = new Float64Array(patterns.length)
  let iterations = 0
  // Without any mark, or nothing but marks, there is nothing to estimate.
  const isOpen = prior > 0 && prior < 1
  if (prior === 1) truth.fill(1)
  while (isOpen && iterations < MAX_ITERATIONS) {
    iterations++
    let change = 0
    patterns.forEach((bits, i) => {
      let inside = prior
      let outside = 1 - prior
      for (let reader = 0; reader < readers.length; reader++) {
        const says = (bits >> reader) & 1
        inside *= says ? sensitivity[reader] : 1 - sensitivity[reader]
        outside *= says ? 1 - specificity[reader] : specificity[reader]
      }
      const next = inside + outside > 0 ? inside / (inside + outside) : prior
      change = Math.max(change, Math.abs(next - truth[i]))
      truth[i] = next
    })
    const insideMass = patterns.reduce((sum, _, i) => sum + truth[i] * counts[i], 0)
    const outsideMass = total - insideMass
    for (let reader = 0; reader < readers.length; reader++) {
      let hits = 0
      let rejections = 0
      patterns.forEach((bits, i) => {
        if ((bits >> reader) & 1) hits += truth[i] * counts[i]
        else rejections += (1 - truth[i]) * counts[i]
      })
      if (insideMass > 0) sensitivity[reader] = hits / insideMass
      if (outsideMass > 0) specificity[reader] = rejections / outsideMass
    }
    if (change < TOLERANCE) break
  }
  const probability = new Float32Array(total)
  for (let voxel = 0; voxel < total; voxel++) probability[voxel] = truth[patternOf[voxel]]
  return {
    probability,
    readers: readers.map((_, i) => ({ sensitivity: sensitivity[i], specificity: specificity[i] })),
    iterations,
  }
}

/**
 * STAPLE for several labels: one against the rest for each label, the most probable wins, background where none is
 * more probable than not.
 *
 * @param labels the labels in question, without 0
 * @returns a new labelmap
 * @throws RangeError as `staple`
 */
export function stapleLabels(
  readers: readonly Uint8Array[],
  labels: readonly number[],
): Uint8Array {
  requireSameLength(readers)
  const consensus = new Uint8Array(readers[0].length)
  const best = new Float32Array(consensus.length).fill(0.5)
  for (const label of labels) {
    const { probability } = staple(
      readers.map((reader) => reader.map((value) => +(value === label))),
    )
    for (let voxel = 0; voxel < consensus.length; voxel++) {
      if (probability[voxel] <= best[voxel]) continue
      best[voxel] = probability[voxel]
      consensus[voxel] = label
    }
  }
  return consensus
}

/** Voxels that all readers judged alike share their estimate: few patterns stand for millions of voxels. */
function votingPatterns(readers: readonly Uint8Array[]): {
  patternOf: Uint32Array
  patterns: number[]
  counts: number[]
} {
  const length = readers[0].length
  const patternOf = new Uint32Array(length)
  const known = new Map<number, number>()
  const patterns: number[] = []
  const counts: number[] = []
  for (let voxel = 0; voxel < length; voxel++) {
    let bits = 0
    for (let reader = 0; reader < readers.length; reader++) {
      if (readers[reader][voxel] !== 0) bits |= 1 << reader
    }
    let pattern = known.get(bits)
    if (pattern === undefined) {
      pattern = patterns.length
      known.set(bits, pattern)
      patterns.push(bits)
      counts.push(0)
    }
    counts[pattern]++
    patternOf[voxel] = pattern
  }
  return { patternOf, patterns, counts }
}

function bitCount(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}
