import { describe, expect, it } from 'vitest'
import type { Sequence } from '../../contract/index.ts'
import { randomStream } from '../random/randomStream.ts'
import { createAnatomy } from './anatomy.ts'
import { createHeadBox } from './headBox.ts'
import { createHeadGrid } from './headGrid.ts'
import { renderSequence } from './renderSequence.ts'
import { drawSubject } from './subject.ts'
import { createTissueMaps, type TissueMaps } from './tissueMaps.ts'
import type { TumourPlan } from './tumourPlan.ts'

const stream = randomStream(4, 'healthy')
const box = createHeadBox(createHeadGrid([80, 80, 70]))
const subject = drawSubject(stream.fork('subject'))
const anatomy = createAnatomy(subject, stream.fork('anatomy'), box.spacingMm)

const mass = (radiusMm: number): TumourPlan => ({
  kind: 'ring-enhancing',
  foci: [
    {
      centreMm: [34, 2, 24],
      radiusMm,
      stretch: [1, 1, 1],
      axes: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    },
  ],
  enhancingShare: 0.5,
  oedemaReachMm: 10,
  massEffect: 1,
  roughness: 0.1,
})
const healthy = createTissueMaps(anatomy, { ...mass(20), foci: [] }, box)

const sum = (shares: Float32Array): number =>
  (shares.reduce((total, share) => total + share, 0) * box.spacingMm ** 3) / 1000

describe('the healthy head', () => {
  it('is made of shares that add up to one', () => {
    for (let i = 0; i < box.count; i++) {
      if (healthy.mask[i] === 0) continue
      const total =
        healthy.csf[i] +
        healthy.grey[i] +
        healthy.white[i] +
        healthy.deepGrey[i] +
        healthy.ironRich[i]
      if (Math.abs(total - 1) > 1e-5) throw new Error(`voxel ${i}: shares add up to ${total}`)
    }
  })

  it('has grey, white matter and fluid in an adult’s proportions', () => {
    const grey = sum(healthy.grey) + sum(healthy.deepGrey)
    const white = sum(healthy.white)
    expect(grey / white).toBeGreaterThan(0.9)
    expect(grey / white).toBeLessThan(1.9)
    const fluid = sum(healthy.csf) / (grey + white)
    expect(fluid).toBeGreaterThan(0.1)
    expect(fluid).toBeLessThan(0.35)
  })

  it('orders the tissues on each sequence as MRI does', () => {
    const zero = new Float32Array(box.count)
    const scene = {
      box,
      tissue: healthy,
      tumour: { core: zero, enhancing: zero, oedema: zero },
      texture: { mottle: () => 0, grain: () => 0, uptake: () => 0, flairOffset: 0 },
      kappa: 0.5,
      scanner: { contrast: 1, bias: 1, noise: 1 },
    }
    const meansOn = (sequence: Sequence): { csf: number; grey: number; white: number } => {
      const image = renderSequence(sequence, stream.fork(sequence), scene)
      const over = (shares: Float32Array): number => {
        let total = 0
        let count = 0
        for (let i = 0; i < box.count; i++) {
          if (shares[i] < 0.9 || healthy.vascular[i] > 0.05) continue
          total += image[i]
          count++
        }
        return total / count
      }
      return { csf: over(healthy.csf), grey: over(healthy.grey), white: over(healthy.white) }
    }
    for (const sequence of ['t1', 't1ce'] as const) {
      const { csf, grey, white } = meansOn(sequence)
      expect(white / grey).toBeGreaterThan(1.08)
      expect(grey / csf).toBeGreaterThan(1.4)
    }
    const t2 = meansOn('t2')
    expect(t2.csf / t2.grey).toBeGreaterThan(1.6)
    expect(t2.grey / t2.white).toBeGreaterThan(1.15)
    const flair = meansOn('flair')
    expect(flair.grey / flair.white).toBeGreaterThan(1.03)
    expect(flair.white / flair.csf).toBeGreaterThan(2)
  })
})

describe('mass effect', () => {
  /** Volume (ml) and mean x (mm) of the ventricles on the left, where the mass is. */
  function leftVentricle(maps: TissueMaps): { ml: number; x: number } {
    let count = 0
    let x = 0
    for (let i = 0; i < box.count; i++) {
      const at = box.originMm[0] + (i % box.size[0]) * box.spacingMm
      const z = box.originMm[2] + Math.floor(i / (box.size[0] * box.size[1])) * box.spacingMm
      if (at < 0 || z < 8 || maps.ventricle[i] >= 0) continue
      count++
      x += at
    }
    return { ml: (count * box.spacingMm ** 3) / 1000, x: x / count }
  }

  it('pushes the near ventricle towards the midline and narrows it', () => {
    const before = leftVentricle(healthy)
    const after = leftVentricle(createTissueMaps(anatomy, mass(24), box))
    expect(before.x - after.x).toBeGreaterThan(1)
    expect(after.ml).toBeLessThan(0.9 * before.ml)
  })

  it('leaves the outline of the brain alone', () => {
    expect(createTissueMaps(anatomy, mass(24), box).mask).toEqual(healthy.mask)
  })
})
