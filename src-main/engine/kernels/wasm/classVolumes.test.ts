import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../imaging/random/randomStream.ts'
import { axisWeights } from '../../data/index.ts'
import { ClassVolumes } from './classVolumes.ts'
import { hasRelaxedSimd, KernelModule } from './kernelModule.ts'

type Triple = readonly [number, number, number]

const lengthOf = ([x, y, z]: Triple): number => x * y * z

/** Weighted sums of random logits, most voxels sure of the background. */
function fill(volumes: ClassVolumes): void {
  const stream = randomStream(3, 'logits')
  for (let i = 0; i < volumes.mass.length; i++) {
    const isDoubtful = stream.uniform() < 0.4
    volumes.mass[i] = 0.1 + stream.uniform()
    volumes.sums.forEach((sum, c) => {
      const logit = isDoubtful ? 2 * stream.normal() : c === 0 ? 12 : stream.normal()
      sum[i] = logit * volumes.mass[i]
    })
  }
}

/** The same in double precision: every class resampled whole, then read. */
function reference(
  { sums, mass }: Pick<ClassVolumes, 'sums' | 'mass'>,
  dims: Triple,
  size: Triple,
): { scores: number[]; entropy: number }[] {
  const classes = sums.length
  const probabilities = sums.map(() => new Float64Array(mass.length))
  mass.forEach((weight, i) => {
    const powers = sums.map((sum) => Math.exp(sum[i] / weight))
    const total = powers.reduce((a, b) => a + b)
    powers.forEach((power, c) => (probabilities[c][i] = power / total))
  })
  const along = (n: number, target: number, count: number): [number, number][] => {
    const scale = n / count
    const support = Math.max(1, scale)
    const centre = (target + 0.5) * scale - 0.5
    const weights = Array.from({ length: n }, (_, i) =>
      Math.max(0, 1 - Math.abs(i - centre) / support),
    )
    const sum = weights.reduce((a, b) => a + b)
    return weights.map((w, i): [number, number] => [i, w / sum]).filter(([, w]) => w > 0)
  }
  const answer: { scores: number[]; entropy: number }[] = []
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++) {
        const scores = new Array<number>(classes).fill(0)
        for (const [z, wz] of along(dims[2], k, size[2])) {
          for (const [y, wy] of along(dims[1], j, size[1])) {
            for (const [x, wx] of along(dims[0], i, size[0])) {
              const at = x + dims[0] * (y + dims[1] * z)
              scores.forEach((_, c) => (scores[c] += wx * wy * wz * probabilities[c][at]))
            }
          }
        }
        const nats = scores.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
        answer.push({ scores, entropy: (255 * nats) / Math.log(classes) })
      }
    }
  }
  return answer
}

function compute(
  threads: number,
  relaxedSimd: boolean,
  dims: Triple,
  size: Triple,
  classes: number,
) {
  const module = new KernelModule({ threads, relaxedSimd })
  const before = module.heap.usedBytes
  const volumes = new ClassVolumes(module, classes, lengthOf(dims))
  fill(volumes)
  const expected = reference(volumes, dims, size)
  volumes.toProbabilities()
  const answer = volumes.readLabels(dims, [
    axisWeights(dims[0], size[0]),
    axisWeights(dims[1], size[1]),
    axisWeights(dims[2], size[2]),
  ])
  volumes.release()
  expect(module.heap.usedBytes).toBe(before)
  void module.close()
  return { ...answer, expected }
}

const CASES: readonly (readonly [string, Triple, Triple, number])[] = [
  ['finer on every axis', [7, 9, 6], [19, 22, 15], 4],
  ['the same grid', [7, 5, 3], [7, 5, 3], 4],
  ['coarser on one axis, the same on another', [9, 6, 8], [4, 6, 19], 4],
  ['two classes', [5, 6, 7], [13, 14, 10], 2],
  ['one slice, one column', [1, 8, 1], [2, 20, 1], 3],
]

describe.each([true, false])('labels and entropy of class volumes, relaxed SIMD: %s', (relaxed) => {
  describe.skipIf(relaxed && !hasRelaxedSimd())('in this engine', () => {
    it.each(CASES)('are those of double precision: %s', (_what, dims, size, classes) => {
      const { labels, entropy, expected } = compute(2, relaxed, dims, size, classes)
      expect(labels.length).toBe(expected.length)
      expected.forEach(({ scores, entropy: level }, i) => {
        expect(Math.abs(entropy[i] - level)).toBeLessThan(0.5 + 1e-3)
        const [first, second] = [...scores].sort((a, b) => b - a)
        if (first - second > 1e-6) expect(labels[i]).toBe(scores.indexOf(first))
      })
    })
  })
})

describe('labels of class volumes', () => {
  it('take the lower class on a tie', () => {
    const module = new KernelModule({ threads: 1, relaxedSimd: false })
    const volumes = new ClassVolumes(module, 3, 4)
    volumes.mass.fill(1)
    volumes.sums[1].set([5, 0, 0, 0])
    volumes.sums[2].set([5, 0, 1, 0])
    volumes.toProbabilities()
    const same = axisWeights(1, 1)
    const { labels, entropy } = volumes.readLabels([4, 1, 1], [axisWeights(4, 4), same, same])
    expect([...labels]).toEqual([1, 0, 2, 0])
    expect(entropy[1]).toBe(255)
  })

  it('are the same bits on 1, 2 and 5 threads', () => {
    const [, dims, size, classes] = CASES[0]
    const alone = compute(1, hasRelaxedSimd(), dims, size, classes)
    for (const threads of [2, 5]) {
      expect(compute(threads, hasRelaxedSimd(), dims, size, classes)).toEqual(alone)
    }
  })
})
