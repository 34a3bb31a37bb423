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
import { registerRigid } from './registration/registerRigid.ts'
import { resampleLabels } from './resampling/resampleLabels.ts'
import { createRawStudy, FOUR_GRIDS } from './testing/rawStudy.ts'
import { diceOf } from './testing/diceOf.ts'

const study = createRawStudy({
  seed: 2,
  dims: [36, 42, 36],
  skull: true,
  coarsen: 4,
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
  resample: { spacingMm: 4 },
  brainExtraction: null,
}

const stages: string[] = []
const prepared = prepareStudy(images, plan, (_, message) => stages.push(message))

describe('preparing a raw study', () => {
  it('gives one grid in RAS order, and labels that go back to any original grid', () => {
    expect(prepared.reference).toBe('t1ce')
    expect(orientationCode(prepared.grid.indexToWorld)).toBe('RAS')
    expect(prepared.grid.spacingMm.map((mm) => Number(mm.toFixed(6)))).toEqual([4, 4, 4])
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
    const { referenceToMoving } = registerRigid(images.t1ce, images.flair)
    expect(prepared.images.flair?.preparedToSource).toEqual(referenceToMoving)
    const pair = { t1ce: images.t1ce, flair: images.flair }
    const evened: PreparationPlan = {
      ...plan,
      resample: { spacingMm: 6 },
      register: false,
      biasCorrection: { levels: 3 },
    }
    const first = prepareStudy(pair, evened)
    expect(prepareStudy(pair, evened)).toEqual(first)
    expect(first.images.flair?.bias?.iterations).toBeGreaterThan(3)
  })

  it('blackens every sequence outside the brain of the reference', () => {
    const { grid, voxels } = images.t1ce
    const brain = resampleLabels(
      { grid: study.head.grid, labels: study.head.brain },
      grid,
      IDENTITY_AFFINE,
    )
    const stripped = { ...images.t1ce, voxels: voxels.map((value, n) => value * brain[n]) }
    const made = prepareStudy(
      { t1ce: stripped, t1: images.t1 },
      { ...plan, register: false, brainExtraction: { fraction: 0.55 } },
    )
    expect(made.brain?.wasStripped).toBe(true)
    const mask = made.brain?.mask ?? new Uint8Array()
    const shown = made.images.t1?.volume.voxels ?? []
    const lit = [0, 0]
    shown.forEach((value, n) => (lit[mask[n]] += value === 0 ? 0 : 1))
    expect(lit[0]).toBe(0)
    expect(lit[1]).toBeGreaterThan(0.95 * mask.filter((inside) => inside === 1).length)
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
    const made = prepareStudy({ t1: images.t1, flair: images.flair }, bare)
    expect(made.grid).toEqual(images.t1.grid)
    expect([...(made.images.t1?.volume.voxels ?? [])]).toEqual([...images.t1.voxels])
    expect(made.brain).toBeNull()
    expect(made.images.flair).toMatchObject({
      registration: null,
      before: null,
      bias: null,
      preparedToSource: [...IDENTITY_AFFINE],
    })
  })

  it('keeps the headers’ positions where moving gains nothing', () => {
    const same = prepareStudy({ t1ce: images.t1ce, t1: images.t1ce }, plan)
    expect(same.images.t1?.registration?.keptPosition).toBe(true)
    expect(same.images.t1?.volume.voxels).toEqual(same.images.t1ce?.volume.voxels)
  })

  it('says which reference is missing', async () => {
    const error = await rejectionOf(() =>
      prepareStudy({ t1: images.t1 }, { ...plan, reference: 't2' }),
    )
    expect(error.code).toBe('BAD_INPUT')
    expect(error.message).toContain('T2')
  })
})
