import { describe, expect, it } from 'vitest'
import {
  PLAN_CHOICES,
  recipeSchema,
  trainingProposalSchema,
  type DatasetFingerprint,
  type PlanOverrides,
} from '../../contract/index.ts'
import { divisorOf } from '../networks/patchDivisor.ts'
import { fitPatch, levelsFor } from './fitPatch.ts'
import type { PlannedDevice } from './proposalBudget.ts'
import { proposeTraining } from './proposeTraining.ts'
import { targetSpacing } from './targetSpacing.ts'

const GIB = 2 ** 30
const laptop: PlannedDevice = {
  ...{ id: 'cpu', name: 'Two cores', backend: 'wasm', kind: 'processor', cores: 2 },
  ...{ availableBytes: 4 * GIB, gflops: 90 },
}
const card: PlannedDevice = {
  ...{ id: 'cuda:0', name: 'A card', backend: 'tensorflow', kind: 'graphics', cores: 16 },
  ...{ availableBytes: 40 * GIB, gflops: 10_000 },
}
/** BraTS as it is: 1 mm, heads of about 140×173×138 voxels. */
const brats = (changes: Partial<DatasetFingerprint> = {}): DatasetFingerprint => ({
  datasetId: 'brats',
  datasetName: 'BraTS',
  cases: 100,
  casesRead: 60,
  split: { train: 70, validation: 10, test: 20 },
  unlabelled: 0,
  available: (['flair', 't1', 't1ce', 't2'] as const).map((sequence) => ({ sequence, cases: 70 })),
  medianSpacingMm: [1, 1, 1],
  fineSpacingMm: [1, 1, 1],
  medianShape: [140, 173, 138],
  medianExtentMm: [140, 173, 138],
  brainShare: 0.43,
  intensities: [{ sequence: 'flair', mean: 300, deviation: 90, meanRatio: 4.2 }],
  classes: [1, 2, 3].map((label) => ({ label, medianMl: 20, cases: 60 })),
  ...changes,
})
const propose = (
  fingerprint = brats(),
  device = laptop,
  overrides: PlanOverrides = {},
  hours: number | null = null,
) => proposeTraining(fingerprint, device, { sequences: null, hours, overrides })

describe('the voxel size', () => {
  it('is the median of each axis where no axis is much coarser', () => {
    const found = targetSpacing({ medianSpacingMm: [0.9, 0.9, 1.2], fineSpacingMm: [0.5, 0.5, 1] })
    expect(found.isAnisotropic).toBe(false)
    expect(found.spacingMm).toBeCloseTo(Math.cbrt(0.9 * 0.9 * 1.2), 6)
  })

  it('takes the fine end of an axis that is more than three times as coarse', () => {
    const found = targetSpacing({ medianSpacingMm: [0.5, 0.5, 5], fineSpacingMm: [0.5, 0.5, 3] })
    expect(found.isAnisotropic).toBe(true)
    expect(found.spacingMm).toBeCloseTo(Math.cbrt(0.5 * 0.5 * 3), 6)
  })
})

describe('patch and levels', () => {
  it.each([
    [[128, 128, 128], 6],
    [[64, 80, 64], 5],
    [[48, 48, 48], 4],
    [[8, 64, 64], 2],
  ] as const)('halve %o into %i levels, as nnU-Net until 4 voxels are left', (patch, levels) => {
    expect(levelsFor(patch)).toBe(levels)
  })

  it('hold the whole case where everything fits, rounded up to the divisor', () => {
    const fitted = fitPatch([140, 173, 138], 32, () => true)!
    expect(fitted.isWhole).toBe(true)
    expect(fitted.channels).toEqual([32, 64, 128, 256, 320, 320])
    expect(fitted.patchSize).toEqual([160, 192, 160])
  })

  it('shrink in the proportions of the case until they fit', () => {
    const budget = 96 ** 3
    const { patchSize, channels } = fitPatch(
      [140, 173, 138],
      32,
      ([x, y, z]) => x * y * z <= budget,
    )!
    const divisor = 2 ** (channels.length - 1)
    expect(patchSize.every((n) => n % divisor === 0)).toBe(true)
    expect(patchSize[0] * patchSize[1] * patchSize[2]).toBeLessThanOrEqual(budget)
    expect(patchSize[0] * patchSize[1] * patchSize[2]).toBeGreaterThan(budget / 2)
    expect(patchSize[1]).toBeGreaterThanOrEqual(patchSize[0])
  })

  it('give up where nothing fits', () => {
    expect(fitPatch([140, 173, 138], 32, () => false)).toBeNull()
  })
})

describe('a proposal', () => {
  it('is a valid recipe with a reason for every choice', () => {
    const proposal = trainingProposalSchema.parse(propose())
    expect(recipeSchema.safeParse(proposal.recipe).success).toBe(true)
    expect(proposal.reasons.map(({ choice }) => choice)).toEqual([...PLAN_CHOICES])
    for (const { because } of proposal.reasons) expect(because).toMatch(/^[A-Zn\d].{20,}\.$/)
  })

  it('gives a graphics card the images’ own voxels and nnU-Net’s width', () => {
    const { recipe, reasons } = propose(brats(), card)
    expect(recipe.network.spacingMm).toBe(1)
    expect(recipe.network.channels[0]).toBe(32)
    expect(recipe.batchSize).toBeGreaterThanOrEqual(2)
    for (const side of recipe.patchSize) expect(side).toBeGreaterThanOrEqual(96)
    expect(reasons.find(({ choice }) => choice === 'spacing')!.because).toContain('works on that')
  })

  it('gives two cores coarser voxels, so that a patch sees at least a quarter of the head', () => {
    const { recipe, fingerprint, expects } = propose(brats(), laptop, {}, 0.5)
    expect(recipe.network.spacingMm).toBeGreaterThan(1)
    const voxels = recipe.patchSize.reduce((a, b) => a * b)
    const head = fingerprint.medianExtentMm.reduce(
      (a, mm) => a * (mm / recipe.network.spacingMm!),
      1,
    )
    expect(voxels / head).toBeGreaterThan(0.2)
    expect(expects.secondsPerStep! * recipe.steps).toBeLessThanOrEqual(1800)
  })

  it('never asks for more memory than there is', () => {
    for (const gib of [1, 2, 4, 8, 24]) {
      const { expects } = propose(brats(), { ...card, availableBytes: gib * GIB })
      expect(expects.memoryBytes, `${gib} GiB`).toBeLessThan(gib * GIB)
    }
  })

  it('shortens the training, not the sense of it, where time is short', () => {
    const short = propose(brats(), laptop, {}, 0.5)
    const long = propose(brats(), laptop, {}, 10)
    const work = ({ recipe, expects }: typeof short) => recipe.steps * expects.gflopPerStep
    expect(work(long)).toBeGreaterThan(5 * work(short))
  })

  it('blanks sequences where some cases lack one, and leaves out what most lack', () => {
    const available = [
      { sequence: 'flair' as const, cases: 70 },
      { sequence: 't1' as const, cases: 60 },
      { sequence: 't1ce' as const, cases: 20 },
      { sequence: 't2' as const, cases: 70 },
    ]
    const { sequences, sequenceDropout, reasons } = propose(brats({ available }))
    expect(sequences).toEqual(['flair', 't1', 't2'])
    expect(sequenceDropout).toBeGreaterThan(0)
    expect(reasons[0].because).toContain('missing in 10 of 70')
    expect(() =>
      proposeTraining(brats({ available: [] }), laptop, {
        ...{ sequences: ['flair'], hours: null, overrides: {} },
      }),
    ).toThrow(/No training case of BraTS has flair/)
  })

  it('does what a person decides and says that it was they', () => {
    const overrides: PlanOverrides = {
      ...{ spacingMm: 1.5, patchSize: [64, 64, 32], batchSize: 3, channels: [8, 16, 24] },
      ...{ convolutionsPerLevel: 2, residual: true, learningRate: 0.002, steps: 77 },
    }
    const { recipe, reasons } = propose(brats(), laptop, overrides)
    expect(recipe.network).toMatchObject({ spacingMm: 1.5, channels: [8, 16, 24], residual: true })
    expect(recipe).toMatchObject({ patchSize: [64, 64, 32], batchSize: 3, steps: 77 })
    expect(recipe.learningRate).toBe(0.002)
    const own = reasons.filter(({ overridden }) => !overridden).map(({ choice }) => choice)
    expect(own).toEqual(['sequences', 'normalisation', 'validation'])
    expect(() => propose(brats(), laptop, { ...overrides, patchSize: [64, 64, 30] })).toThrow(
      /multiples of 4/,
    )
  })

  it.each(['resenc', 'vnet'] as const)('sizes a %s as well, within the memory', (kind) => {
    const { recipe, reasons, expects } = propose(brats(), card, { kind })
    expect(recipeSchema.safeParse(recipe).success).toBe(true)
    expect(recipe.network.blocks).toHaveLength(recipe.network.channels.length)
    expect(expects.memoryBytes).toBeLessThan(card.availableBytes)
    expect(reasons.find(({ choice }) => choice === 'network')!.overridden).toBe(true)
  })

  it('stays sound for a case of few voxels and for a device that nobody measured', () => {
    const tiny = brats({ medianExtentMm: [10, 12, 6], medianShape: [10, 12, 6] })
    const { recipe, expects } = propose(tiny, { ...laptop, gflops: null })
    expect(expects.secondsPerStep).toBeNull()
    const divisor = divisorOf(recipe.network)
    for (const side of recipe.patchSize) expect(side % divisor).toBe(0)
    expect(recipe.patchSize.every((side) => side <= 16)).toBe(true)
  })
})
