import { describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import type { Triple } from '../data/index.ts'
import { resample } from '../data/resample.ts'
import { entropyMap, mostProbableLabels, softmaxInPlace } from './labelsFromLogits.ts'
import { labelsOnGrid } from './labelsOnGrid.ts'

/** Mostly background, some of it just about certain, with a few doubtful voxels strewn in. */
function probabilitiesOf(dims: Triple, classes: number, doubtful: number): Float32Array[] {
  const stream = randomStream(3, `${dims.join('×')} ${classes}`)
  const length = dims[0] * dims[1] * dims[2]
  const volumes = Array.from({ length: classes }, () => new Float32Array(length))
  for (let i = 0; i < length; i++) {
    const isDoubtful = stream.uniform() < doubtful
    volumes.forEach((volume, c) => {
      volume[i] = isDoubtful ? 3 * stream.normal() : c === 0 ? 10 + stream.normal() : 0
    })
  }
  softmaxInPlace(volumes)
  return volumes
}

describe('labels and entropy of resampled probabilities', () => {
  it.each([
    ['finer on every axis', [7, 9, 6], [19, 22, 15], 4, 0.1],
    ['the same grid', [8, 5, 7], [8, 5, 7], 4, 0.3],
    ['coarser on one axis, the same on another', [9, 6, 8], [4, 6, 19], 4, 0.1],
    ['two classes', [6, 6, 6], [13, 14, 15], 2, 0.05],
    ['a single slice', [8, 8, 1], [20, 20, 1], 4, 0.1],
    ['nothing doubtful', [6, 6, 6], [15, 15, 15], 4, 0],
    ['everything doubtful', [6, 7, 8], [15, 16, 17], 4, 1],
  ] as const)(
    'are those read off resampled volumes: %s',
    (_what, dims, size, classes, doubtful) => {
      const probabilities = probabilitiesOf(dims, classes, doubtful)
      const resampled = probabilities.map((volume) => resample(volume, dims, size))
      const { labels, entropy } = labelsOnGrid(probabilities, dims, size)
      expect(Buffer.compare(labels, mostProbableLabels(resampled))).toBe(0)
      expect(Buffer.compare(entropy, entropyMap(resampled))).toBe(0)
    },
  )
})
