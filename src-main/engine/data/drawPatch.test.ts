import { describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { augmentIntensity } from './augmentIntensity.ts'
import { drawPatch } from './drawPatch.ts'
import { interleave } from './interleave.ts'
import { ALL_MIRRORS, mirror } from './mirror.ts'
import { extractPatch } from './patch.ts'
import type { PreparedCase } from './preparedCase.ts'
import { preparedCase } from './preparedCase.fixture.ts'
import { extractTransformedPatch } from './spatialTransform.ts'

const plan = {
  patchSize: [8, 8, 8] as [number, number, number],
  sampling: { foregroundFraction: 0.5 },
  augmentation: { mirror: true, intensity: true, spatial: true },
}
const draw = (subject: PreparedCase, seed: number) =>
  drawPatch(subject, plan, randomStream(seed, 'sampling'), randomStream(seed, 'augmentation'))

describe('training patches', () => {
  it('are a pure function of case, plan and seed', () => {
    const subject = preparedCase([12, 12, 12], ['flair', 't1ce'])
    const before = subject.channels[0].slice()
    expect(draw(subject, 4)).toEqual(draw(subject, 4))
    expect(draw(subject, 4)).not.toEqual(draw(subject, 5))
    expect(subject.channels[0]).toEqual(before)
  })

  it('change a sequence alike whichever others are read with it', () => {
    const all = preparedCase([12, 12, 12], ['flair', 't1', 't1ce', 't2'])
    const alone = { ...all, sequences: ['t1ce'] as const, channels: [all.channels[2]] }
    for (let seed = 0; seed < 12; seed++) {
      expect(draw(alone, seed).channels[0]).toEqual(draw(all, seed).channels[2])
    }
  })

  it('are padded with background where the case is smaller', () => {
    const subject = preparedCase([4, 4, 4], ['flair'])
    const patch = extractPatch(subject, [-2, -2, -2], [8, 8, 8])
    expect(patch.channels[0][0]).toBe(0)
    expect(patch.channels[0][2 + 8 * (2 + 8 * 2)]).toBe(subject.channels[0][0])
    expect(patch.channels[0].filter((x) => x !== 0)).toEqual(
      subject.channels[0].filter((x) => x !== 0),
    )
  })
})

describe('the spatial transform', () => {
  it('is a plain cut where it is the identity', () => {
    const subject = preparedCase([10, 11, 12], ['flair', 't2'])
    const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1]
    const [origin, size] = [[2, 1, 3] as const, [8, 8, 8] as const]
    expect(extractTransformedPatch(subject, origin, size, identity)).toEqual(
      extractPatch(subject, origin, size),
    )
  })

  it('turns images and labels together: a half turn about z is two mirrorings', () => {
    const subject = preparedCase([8, 8, 8], ['flair'])
    const halfTurn = [-1, 0, 0, 0, -1, 0, 0, 0, 1]
    const turned = extractTransformedPatch(subject, [0, 0, 0], [8, 8, 8], halfTurn)
    const axes = [true, true, false] as const
    expect(turned.channels[0]).toEqual(mirror(subject.channels[0], [8, 8, 8], axes))
    expect(turned.labels).toEqual(mirror(subject.labels!, [8, 8, 8], axes))
  })
})

describe('mirroring', () => {
  it.each(ALL_MIRRORS.map((axes) => [axes]))('undoes itself along %j', (axes) => {
    const values = Float32Array.from({ length: 3 * 4 * 5 * 2 }, (_, i) => i)
    const once = mirror(values, [3, 4, 5], axes, 2)
    expect(mirror(once, [3, 4, 5], axes, 2)).toEqual(values)
    expect([...once].sort((a, b) => a - b)).toEqual([...values])
  })

  it('keeps the channels of a voxel together', () => {
    const values = Float32Array.of(1, 10, 2, 20, 3, 30)
    expect([...mirror(values, [3, 1, 1], [true, false, false], 2)]).toEqual([3, 30, 2, 20, 1, 10])
  })
})

describe('grey-value augmentation', () => {
  it('leaves what is outside of the brain at zero and stays finite', () => {
    const channel = Float32Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? 0 : Math.sin(i)))
    let changed = 0
    for (let seed = 0; seed < 60; seed++) {
      const result = augmentIntensity(channel, [10, 5, 4], randomStream(seed, 'intensity'), false)
      result.forEach((x, i) => {
        expect(Number.isFinite(x)).toBe(true)
        if (i % 3 === 0) expect(x === 0).toBe(true)
      })
      if (result.some((x, i) => x !== channel[i])) changed++
    }
    // Chance that none of the five acts: 0.9 · 0.85² · 0.9 · 0.7 = 0.41.
    expect(changed).toBeGreaterThan(20)
    expect(changed).toBeLessThan(50)
  })

  it('survives an empty channel', () => {
    for (let seed = 0; seed < 30; seed++) {
      const result = augmentIntensity(new Float32Array(8), [2, 2, 2], randomStream(seed), true)
      expect(result.every((x) => x === 0)).toBe(true)
    }
  })
})

describe('interleaving', () => {
  it('puts the wanted sequences last, in the network’s order', () => {
    const patch = {
      size: [2, 1, 1] as const,
      channels: [Float32Array.of(1, 2), Float32Array.of(3, 4), Float32Array.of(5, 6)],
    }
    expect([...interleave([patch], ['flair', 't1', 't2'], ['t2', 'flair'])]).toEqual([5, 1, 6, 2])
  })

  it('says which sequence was not read', () => {
    expect(() => interleave([], ['flair'], ['t1ce'])).toThrow(/T1ce was not read/)
  })
})
