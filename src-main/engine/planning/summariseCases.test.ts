import { describe, expect, it } from 'vitest'
import type { FileSystemPort } from '../checkpoint/index.ts'
import { memoryFiles, writeCase } from '../training/trainingRun.fixture.ts'
import { readCaseFacts, type CaseFacts } from './readCaseFacts.ts'
import { summariseCases } from './summariseCases.ts'

const facts = (changes: Partial<CaseFacts>): CaseFacts => ({
  spacingMm: [1, 1, 1],
  shape: [100, 120, 90],
  brainShare: 0.5,
  intensities: [{ sequence: 'flair', mean: 100, deviation: 30 }],
  classMl: [0, 10, 4],
  ...changes,
})

describe('what cases are like together', () => {
  it('takes medians, and the fine end of the spacing as numpy’s tenth percentile', () => {
    const spacings = [1, 2, 3, 6].map((z) =>
      facts({ spacingMm: [1, 1, z], shape: [100, 120, 60 / z] }),
    )
    const summary = summariseCases(spacings)
    expect(summary.medianSpacingMm).toEqual([1, 1, 2.5])
    expect(summary.fineSpacingMm[2]).toBeCloseTo(1.3, 6)
    expect(summary.medianExtentMm).toEqual([100, 120, 60])
  })

  it('counts a class over the cases that have it', () => {
    const summary = summariseCases([
      facts({ classMl: [0, 10, 4] }),
      facts({ classMl: [3, 20, 0] }),
      facts({ classMl: null }),
    ])
    expect(summary.classes).toEqual([
      { label: 1, medianMl: 3, cases: 1 },
      { label: 2, medianMl: 15, cases: 2 },
      { label: 3, medianMl: 4, cases: 1 },
    ])
    expect(summary.casesRead).toBe(3)
  })

  it('tells how far intensities differ, and nothing of a ratio around zero', () => {
    const at = (mean: number) =>
      facts({ intensities: [{ sequence: 't2', mean, deviation: 1 }], classMl: null })
    expect(summariseCases([at(50), at(200)]).intensities[0].meanRatio).toBe(4)
    expect(summariseCases([at(-0.1), at(0.1)]).intensities[0].meanRatio).toBe(1)
    expect(summariseCases([at(5)]).classes.every(({ cases }) => cases === 0)).toBe(true)
  })
})

describe('the facts of a case', () => {
  it('are read from its files', async () => {
    const files = memoryFiles()
    const source = await writeCase(files, 1)
    const read = (await readCaseFacts(source, (path) => files.readFile(path)))!
    expect(read.spacingMm).toEqual([1, 1, 1])
    expect(read.shape).toEqual([16, 16, 16])
    expect(read.intensities.map(({ sequence }) => sequence)).toEqual(['flair', 't1', 't1ce', 't2'])
    // The fixture is standard normal, shifted by 10.
    expect(read.intensities[0].mean).toBeCloseTo(10, 0)
    expect(read.classMl!.reduce((a, b) => a + b, 0)).toBeGreaterThan(0)
  })

  it('are none where there is no image', async () => {
    const noFile: FileSystemPort['readFile'] = async () => new Uint8Array()
    const empty = { caseId: 'case-one', name: 'One', images: {}, label: null }
    expect(await readCaseFacts(empty, noFile)).toBeNull()
  })
})
