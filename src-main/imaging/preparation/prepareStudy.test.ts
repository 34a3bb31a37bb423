import { describe, expect, it } from 'vitest'
import {
  DEFAULT_PREPARATION,
  SEQUENCES,
  type PreparationPlan,
  type Sequence,
} from '../../contract/index.ts'
import { IDENTITY_AFFINE, invertAffine, orientationCode } from '../geometry/index.ts'
import { rejectionOf } from '../testing/rejection.ts'
import type { Volume } from '../volume/index.ts'
import { prepareStudy } from './prepareStudy.ts'
import { resampleLabels } from './resampling/resampleLabels.ts'
import { createRawStudy, FOUR_GRIDS } from './testing/rawStudy.ts'
import { diceOf } from './testing/diceOf.ts'

const study = createRawStudy({
  seed: 2,
  dims: [40, 46, 40],
  skull: true,
  coarsen: 3,
  acquisitions: { ...FOUR_GRIDS, flair: { ...FOUR_GRIDS.flair, coverage: 0.5 } },
})
const images = Object.fromEntries(
  SEQUENCES.map((sequence) => {
    const { grid, voxels } = study.sequences[sequence]
    return [sequence, { grid, voxels, voxelType: 'int16' }]
  }),
) as Record<Sequence, Volume>
const plan: PreparationPlan = {
  ...DEFAULT_PREPARATION,
  resample: { spacingMm: 3 },
}

describe('preparing a raw study', () => {
  it('gives one grid in RAS order, and labels that go back to any original grid', () => {
    const stages: string[] = []
    const prepared = prepareStudy(images, plan, (_, message) => stages.push(message))
    expect(prepared.reference).toBe('t1ce')
    expect(orientationCode(prepared.grid.indexToWorld)).toBe('RAS')
    expect(prepared.grid.spacingMm.map((mm) => Number(mm.toFixed(6)))).toEqual([3, 3, 3])
    expect(stages.at(-1)).toBe('Done')
    for (const sequence of SEQUENCES) {
      expect(prepared.images[sequence]?.volume.grid).toBe(prepared.grid)
    }
    expect(prepared.images.t1ce?.registration).toBeNull()
    expect(prepared.images.flair?.coverage).toBeLessThan(0.95)
    expect(prepared.images.t1?.coverage).toBeGreaterThan(0.98)

    const { head } = study
    const drawn = resampleLabels(
      { grid: head.grid, labels: head.labels },
      prepared.grid,
      IDENTITY_AFFINE,
    )
    for (const sequence of SEQUENCES) {
      const { grid, referenceToSequence } = study.sequences[sequence]
      const toSource = prepared.images[sequence]?.preparedToSource ?? []
      const exported = resampleLabels(
        { grid: prepared.grid, labels: drawn },
        grid,
        invertAffine(toSource),
      )
      const truth = resampleLabels(
        { grid: head.grid, labels: head.labels },
        grid,
        invertAffine(referenceToSequence),
      )
      expect(exported).toHaveLength(grid.dims[0] * grid.dims[1] * grid.dims[2])
      expect(diceOf(exported, truth), sequence).toBeGreaterThan(0.85)
    }
  })

  it('gives the same bytes each time', () => {
    const pair = { t1ce: images.t1ce, flair: images.flair }
    const full: PreparationPlan = {
      ...plan,
      resample: { spacingMm: 5 },
      biasCorrection: { levels: 1 },
      brainExtraction: null,
    }
    const first = prepareStudy(pair, full)
    expect(prepareStudy(pair, full)).toEqual(first)
    expect(first.images.flair?.bias?.iterations).toBeGreaterThan(1)
  })

  it('leaves out what the plan leaves out', () => {
    const bare: PreparationPlan = {
      schema: 1,
      reference: 't1',
      reorient: false,
      resample: null,
      register: false,
      crop: null,
      biasCorrection: null,
      brainExtraction: null,
    }
    const prepared = prepareStudy({ t1: images.t1, flair: images.flair }, bare)
    expect(prepared.grid).toEqual(images.t1.grid)
    expect([...(prepared.images.t1?.volume.voxels ?? [])]).toEqual([...images.t1.voxels])
    expect(prepared.brain).toBeNull()
    expect(prepared.images.flair).toMatchObject({
      registration: null,
      before: null,
      bias: null,
      preparedToSource: [...IDENTITY_AFFINE],
    })
  })

  it('keeps the headers’ positions where moving gains nothing', () => {
    const twice = { t1ce: images.t1ce, t1: images.t1ce }
    const prepared = prepareStudy(twice, { ...plan, brainExtraction: null, biasCorrection: null })
    expect(prepared.images.t1?.registration?.keptPosition).toBe(true)
    expect(prepared.images.t1?.volume.voxels).toEqual(prepared.images.t1ce?.volume.voxels)
  })

  it('says which reference is missing', async () => {
    const error = await rejectionOf(() =>
      prepareStudy({ t1: images.t1 }, { ...plan, reference: 't2' }),
    )
    expect(error.code).toBe('BAD_INPUT')
    expect(error.message).toContain('T2')
  })
})
