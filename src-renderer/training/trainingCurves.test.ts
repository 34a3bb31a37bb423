import { describe, expect, it } from 'vitest'
import type { JobEvent } from '../../src-main/contract/index.ts'
import { bestValidation, createCurveCollector } from './trainingCurves.ts'

const step = (number: number, loss: number, terms: Record<string, number> = {}): JobEvent => ({
  type: 'step',
  step: number,
  loss,
  terms,
  learningRate: 0.001,
  gradientNorm: 1,
  secondsPerStep: 0.5,
})
const validation = (number: number, meanDice: number | null): JobEvent => ({
  type: 'validation',
  step: number,
  dice: { WT: meanDice, TC: meanDice, ET: null },
  meanDice,
  cases: 4,
})
const curvesOf = (...events: JobEvent[]) => {
  const collector = createCurveCollector()
  events.forEach((event) => collector.add(event))
  return collector.snapshot()
}

const graph = (number: number): JobEvent => ({
  type: 'graph',
  step: number,
  snapshot: {
    caseName: 'Case',
    grid: null,
    present: [true],
    touchesTumour: [false],
    layers: [{ name: 'bottleneck', own: [1], edges: [[0, 0, 1]] }],
    picture: null,
  },
})

describe('createCurveCollector', () => {
  it('keeps the snapshots of a graph in order, those of a repeated step once', () => {
    const { graphs } = curvesOf(step(4, 1), graph(4), step(8, 1), graph(8), step(5, 1), graph(8))
    expect(graphs.map((event) => event.step)).toEqual([4, 8])
  })

  it('is empty before the first event', () => {
    expect(curvesOf()).toMatchObject({ steps: [], loss: [], validations: [], latest: null })
  })

  it('gives every term one value a step, null where it is missing', () => {
    const curves = curvesOf(step(1, 2, { dice: 0.9 }), step(2, 1, { dice: 0.8, gkd: 0.3 }))
    expect(curves.steps).toEqual([1, 2])
    expect(curves.loss).toEqual([2, 1])
    expect([...curves.terms]).toEqual([
      ['dice', [0.9, 0.8]],
      ['gkd', [null, 0.3]],
    ])
  })

  it('replaces the steps that a resumed run repeats', () => {
    const curves = curvesOf(
      step(1, 3),
      step(2, 2),
      validation(2, 0.4),
      step(3, 1.9),
      validation(3, 0.5),
      step(2, 1.5),
      validation(2, 0.45),
      step(3, 1),
    )
    expect(curves.steps).toEqual([1, 2, 3])
    expect(curves.loss).toEqual([3, 1.5, 1])
    expect(curves.validations.map((event) => [event.step, event.meanDice])).toEqual([[2, 0.45]])
  })

  it('keeps messages and checkpoints in order', () => {
    const curves = curvesOf(
      { type: 'log', level: 'warning', message: 'No ET in case 3.' },
      { type: 'checkpoint', step: 10, best: true },
    )
    expect(curves.log).toEqual([
      { kind: 'warning', message: 'No ET in case 3.', step: null, best: false },
      { kind: 'checkpoint', message: '', step: 10, best: true },
    ])
  })
})

describe('bestValidation', () => {
  const validationsOf = (...events: JobEvent[]) => curvesOf(...events).validations

  it('is null where nothing was measured', () => {
    expect(bestValidation(validationsOf(validation(5, null)))).toBeNull()
  })

  it('names the first step that reached the highest mean', () => {
    expect(
      bestValidation(validationsOf(validation(5, 0.6), validation(10, 0.8), validation(15, 0.8))),
    ).toEqual({ step: 10, meanDice: 0.8 })
  })
})
