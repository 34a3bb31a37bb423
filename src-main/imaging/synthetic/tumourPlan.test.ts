import { describe, expect, it } from 'vitest'
import { randomStream } from '../random/randomStream.ts'
import { createAnatomy } from './anatomy.ts'
import { drawSubject } from './subject.ts'
import { drawTumourPlan, massShift, type TumourPlan } from './tumourPlan.ts'

const stream = randomStream(1, 'plans')
const anatomy = createAnatomy(drawSubject(stream.fork('subject')), stream.fork('anatomy'), 3)
const plansAt = (kappa: number): TumourPlan[] =>
  Array.from({ length: 400 }, (_, n) => drawTumourPlan(stream.fork(`plan/${n}`), anatomy, kappa))
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length

describe('drawTumourPlan', () => {
  const plans = plansAt(1)

  // Four standard deviations of a binomial share of 400: 0.15 ± 0.07.
  it('makes about 15 % non-enhancing and about 15 % multifocal', () => {
    const calm = plans.filter((plan) => plan.kind === 'non-enhancing').length / 400
    const multifocal = plans.filter((plan) => plan.foci.length > 1).length / 400
    expect(Math.abs(calm - 0.15)).toBeLessThan(0.07)
    expect(Math.abs(multifocal - 0.15)).toBeLessThan(0.07)
  })

  it('lets nothing enhance in a non-enhancing tumour and something in every other', () => {
    for (const plan of plans) {
      expect(plan.enhancingShare > 0).toBe(plan.kind !== 'non-enhancing')
    }
  })

  it('puts every focus on one side, clear of the midline', () => {
    for (const plan of plans) {
      for (const focus of plan.foci) {
        expect(Math.sign(focus.centreMm[0])).toBe(Math.sign(plan.foci[0].centreMm[0]))
        expect(Math.abs(focus.centreMm[0])).toBeGreaterThan(7)
      }
    }
  })

  it('tells the kinds apart by oedema at κ = 1 and not at κ = 0', () => {
    const gap = (drawn: TumourPlan[]): number => {
      const reach = (calm: boolean): number[] =>
        drawn
          .filter((plan) => (plan.kind === 'non-enhancing') === calm)
          .map((plan) => plan.oedemaReachMm)
      return mean(reach(false)) - mean(reach(true))
    }
    expect(gap(plans)).toBeGreaterThan(6)
    expect(Math.abs(gap(plansAt(0)))).toBeLessThan(2)
  })
})

describe('massShift', () => {
  it('pushes outwards, most at the surface of the core, less further away', () => {
    const plan: TumourPlan = {
      ...plansAt(1)[0],
      massEffect: 1,
      foci: [
        {
          centreMm: [30, 0, 20],
          radiusMm: 20,
          stretch: [1, 1, 1],
          axes: [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ],
        },
      ],
    }
    const shiftAt = (x: number): number => {
      const into: [number, number, number] = [9, 9, 9]
      massShift(plan, x, 0, 20, into)
      expect(into[1]).toBe(0)
      return into[0]
    }
    expect(shiftAt(10)).toBeCloseTo(-8.4, 6)
    expect(shiftAt(20)).toBeCloseTo(-4.2, 6)
    expect(shiftAt(-10)).toBeCloseTo(-2.1, 6)
  })
})
