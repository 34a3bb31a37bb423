import type { VolumeRef } from '../../contract/volume.ts'
import type { Voxels } from './volume.ts'

/** Range of all voxels; percentiles 0.1 and 99.9 of the non-zero ones. */
export type IntensitySummary = NonNullable<VolumeRef['intensity']>

const LOW_PERCENTILE = 0.1
const HIGH_PERCENTILE = 99.9

/**
 * Summarises intensities for windowing. Exact: percentiles interpolate linearly between order statistics
 * (numpy's default). Zero is background in skull-stripped MRI and takes no part in the percentiles;
 * values that are not finite take no part in anything.
 *
 * @returns all zeros for an empty array; `p001 = p999 = 0` where every voxel is zero
 */
export function summariseIntensity(voxels: Voxels): IntensitySummary {
  return voxels instanceof Float32Array ? summariseFloats(voxels) : summariseIntegers(voxels)
}

function summariseIntegers(voxels: Uint8Array | Int16Array | Uint16Array): IntensitySummary {
  if (voxels.length === 0) return { min: 0, max: 0, p001: 0, p999: 0 }
  const shift = voxels instanceof Int16Array ? 32768 : 0
  const counts = new Uint32Array(voxels instanceof Uint8Array ? 256 : 65536)
  for (let i = 0; i < voxels.length; i++) counts[voxels[i] + shift]++

  let first = 0
  while (counts[first] === 0) first++
  let last = counts.length - 1
  while (counts[last] === 0) last--

  const nonZero = voxels.length - counts[shift]
  counts[shift] = 0
  const valueAtRank = (rank: number): number => {
    let seen = 0
    for (let bin = first; bin <= last; bin++) {
      seen += counts[bin]
      if (seen > rank) return bin - shift
    }
    return last - shift
  }
  return {
    min: first - shift,
    max: last - shift,
    p001: nonZero === 0 ? 0 : percentile(LOW_PERCENTILE, nonZero, valueAtRank),
    p999: nonZero === 0 ? 0 : percentile(HIGH_PERCENTILE, nonZero, valueAtRank),
  }
}

/**
 * Maps float32 bits to unsigned integers that sort like the floats: negative numbers are inverted, positive
 * ones get the sign bit. Two 16-bit histograms then find any order statistic without sorting.
 */
const sortableBits = (bits: number): number => (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0
const bitsOfSortable = (key: number): number => (key & 0x80000000 ? key & 0x7fffffff : ~key) >>> 0

const isFiniteBits = (bits: number): boolean => (bits & 0x7f800000) !== 0x7f800000
const isZeroBits = (bits: number): boolean => (bits & 0x7fffffff) === 0

function summariseFloats(voxels: Float32Array): IntensitySummary {
  const words = new Uint32Array(voxels.buffer, voxels.byteOffset, voxels.length)
  const upperCounts = new Uint32Array(65536)
  let min = Infinity
  let max = -Infinity
  let nonZero = 0
  for (let i = 0; i < words.length; i++) {
    const bits = words[i]
    if (!isFiniteBits(bits)) continue
    const value = voxels[i]
    if (value < min) min = value
    if (value > max) max = value
    if (isZeroBits(bits)) continue
    nonZero++
    upperCounts[sortableBits(bits) >>> 16]++
  }
  if (min > max) return { min: 0, max: 0, p001: 0, p999: 0 }

  const decoder = new Float32Array(1)
  const decoderBits = new Uint32Array(decoder.buffer)
  const lowerCountsOf = new Map<number, Uint32Array>()
  const lowerCounts = (upper: number): Uint32Array => {
    const known = lowerCountsOf.get(upper)
    if (known) return known
    const counts = new Uint32Array(65536)
    for (let i = 0; i < words.length; i++) {
      const bits = words[i]
      if (!isFiniteBits(bits) || isZeroBits(bits)) continue
      const key = sortableBits(bits)
      if (key >>> 16 === upper) counts[key & 0xffff]++
    }
    lowerCountsOf.set(upper, counts)
    return counts
  }
  const valueAtRank = (rank: number): number => {
    let upper = 0
    let seen = 0
    while (seen + upperCounts[upper] <= rank) seen += upperCounts[upper++]
    const counts = lowerCounts(upper)
    let lower = 0
    while (seen + counts[lower] <= rank) seen += counts[lower++]
    decoderBits[0] = bitsOfSortable(((upper << 16) | lower) >>> 0)
    return decoder[0]
  }
  return {
    min,
    max,
    p001: nonZero === 0 ? 0 : percentile(LOW_PERCENTILE, nonZero, valueAtRank),
    p999: nonZero === 0 ? 0 : percentile(HIGH_PERCENTILE, nonZero, valueAtRank),
  }
}

/** Linear interpolation between the order statistics around rank (count − 1)·percent/100. */
function percentile(percent: number, count: number, valueAtRank: (rank: number) => number): number {
  const rank = ((count - 1) * percent) / 100
  const below = Math.floor(rank)
  const low = valueAtRank(below)
  const fraction = rank - below
  return fraction === 0 ? low : low + fraction * (valueAtRank(below + 1) - low)
}
