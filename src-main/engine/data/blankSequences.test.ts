import { describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { blankSequences } from './blankSequences.ts'
import { drawPatch } from './drawPatch.ts'
import { preparedCase } from './preparedCase.fixture.ts'

const channels = [1, 2, 3, 4].map((value) => new Float32Array(5).fill(value))
const all = [true, true, true, true]
const kept = (chance: number, seed: number, present = all): boolean[] =>
  blankSequences(channels, present, chance, randomStream(seed, 'dropout')).map(
    (channel) => channel[0] !== 0,
  )

describe('sequence dropout', () => {
  it('leaves everything at chance 0, and always something', () => {
    expect(kept(0, 1)).toEqual(all)
    for (let seed = 0; seed < 50; seed++) expect(kept(0.9, seed)).toContain(true)
    for (let seed = 0; seed < 20; seed++) {
      expect(kept(1, seed).filter(Boolean)).toHaveLength(1)
    }
  })

  it('blanks each sequence about as often as it says, any of them last', () => {
    const counts = [0, 0, 0, 0]
    const last = new Set<number>()
    for (let seed = 0; seed < 400; seed++) {
      kept(0.25, seed).forEach((isKept, c) => (counts[c] += isKept ? 0 : 1))
      last.add(kept(1, seed).indexOf(true))
    }
    // Four standard errors of a share of 0.25 in 400 draws; the saved last one moves it by 0.25⁴ at most.
    for (const count of counts) expect(Math.abs(count / 400 - 0.25)).toBeLessThan(0.09)
    expect(last.size).toBe(4)
  })

  it('keeps absent sequences blank and never leaves them as the only one', () => {
    const present = [false, true, true, false]
    for (let seed = 0; seed < 30; seed++) {
      const [first, , , fourth] = kept(1, seed, present)
      expect([first, fourth]).toEqual([false, false])
      expect(kept(1, seed, present)).toContain(true)
    }
  })

  it('draws the same count of numbers whatever comes out', () => {
    const after = (chance: number): number => {
      const stream = randomStream(3, 'dropout')
      blankSequences(channels, all, chance, stream)
      return stream.uniform()
    }
    expect(after(0)).toBe(after(1))
  })
})

describe('a patch with sequence dropout', () => {
  const plan = {
    patchSize: [6, 6, 6] as [number, number, number],
    sampling: { foregroundFraction: 0.5 },
    augmentation: { mirror: true, intensity: true, spatial: true },
    sequenceDropout: 0.6,
  }
  const draw = (chance: number, step: number, absent?: readonly ['t1ce']) => {
    const subject = preparedCase([8, 8, 8], ['flair', 't1ce'])
    return drawPatch(
      absent
        ? { ...subject, absent, channels: [subject.channels[0], new Float32Array(512)] }
        : subject,
      { ...plan, sequenceDropout: chance },
      randomStream(1, 'places').fork(String(step)),
      randomStream(1, 'augmentation').fork(String(step)),
    )
  }

  it('is a pure function of plan and step, and differs from one without in blanks alone', () => {
    for (let step = 0; step < 8; step++) {
      const [plain, dropped] = [draw(0, step), draw(0.6, step)]
      expect(draw(0.6, step)).toEqual(dropped)
      expect(dropped.labels).toEqual(plain.labels)
      dropped.channels.forEach((channel, c) => {
        const isBlank = channel.every((value) => value === 0)
        if (!isBlank) expect(channel).toEqual(plain.channels[c])
      })
    }
  })

  it('leaves an absent sequence blank under noise, without any dropout', () => {
    for (let step = 0; step < 8; step++) {
      expect(draw(0, step, ['t1ce']).channels[1].every((value) => value === 0)).toBe(true)
    }
  })
})
