import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignSplits, patientOf } from './assignSplits.ts'

const names = (count: number) => Array.from({ length: count }, (_, index) => `case-${index}`)
const sizes = (pools: Map<string, string>) =>
  ['train', 'validation', 'test'].map(
    (pool) => [...pools.values()].filter((value) => value === pool).length,
  )

describe('patientOf', () => {
  it.each([
    ['sub-07_ses-pre', 'sub-07'],
    ['sub-07', 'sub-07'],
    ['BraTS-GLI-00005-001', 'BraTS-GLI-00005'],
    ['Brats18_TCIA03_265_1', 'Brats18_TCIA03_265'],
    ['BraTS20_Training_001', 'BraTS20_Training_001'],
    ['BraTS2021_00000', 'BraTS2021_00000'],
    ['TCGA-02-0006_1996.08.23', 'TCGA-02-0006'],
  ])('of %s is %s', (name, patient) => {
    expect(patientOf(name)).toBe(patient)
  })
})

describe('assignSplits', () => {
  it('keeps to the fractions', () => {
    expect(sizes(assignSplits(names(100), 1))).toEqual([70, 15, 15])
    expect(sizes(assignSplits(names(20), 1, { train: 2, validation: 1, test: 1 }))).toEqual([
      10, 5, 5,
    ])
  })

  it('never puts one patient into two pools', () => {
    const sessions = names(30).flatMap((name) => [`sub-${name}_ses-1`, `sub-${name}_ses-2`])
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const pools = assignSplits(sessions, seed)
        for (const name of names(30)) {
          expect(pools.get(`sub-${name}_ses-1`)).toBe(pools.get(`sub-${name}_ses-2`))
        }
      }),
      { numRuns: 30 },
    )
  })

  it('gives the same pools for the same seed in any order, and others for another seed', () => {
    const forward = assignSplits(names(40), 5)
    const backward = assignSplits(names(40).reverse(), 5)
    for (const name of names(40)) expect(backward.get(name)).toBe(forward.get(name))
    expect([...assignSplits(names(40), 6).values()]).not.toEqual([...forward.values()])
  })

  it.each([
    [0, [0, 0, 0]],
    [1, [1, 0, 0]],
    [2, [2, 0, 0]],
    [3, [1, 1, 1]],
    [4, [2, 1, 1]],
  ])('serves every pool as soon as %i patients allow it', (count, expected) => {
    expect(sizes(assignSplits(names(count), 3))).toEqual(expected)
  })

  it('leaves a pool without a share empty', () => {
    expect(sizes(assignSplits(names(10), 1, { train: 1, validation: 0, test: 0 }))).toEqual([
      10, 0, 0,
    ])
    expect(sizes(assignSplits(names(10), 1, { train: 0, validation: 0, test: 1 }))).toEqual([
      0, 0, 10,
    ])
  })

  it('refuses fractions that make no sense', () => {
    expect(() => assignSplits(names(3), 1, { train: 0, validation: 0, test: 0 })).toThrow(
      RangeError,
    )
    expect(() => assignSplits(names(3), 1, { train: 2, validation: -1, test: 0 })).toThrow(
      RangeError,
    )
  })
})
