import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { LABELS } from '../../contract/index.ts'
import { readNifti } from '../../imaging/index.ts'
import { generateSyntheticCase } from '../../imaging/synthetic/index.ts'
import { synthesizeCohort, type SynthesizeCohortOptions } from './synthesizeCohort.ts'

const root = await mkdtemp(join(tmpdir(), 'gliadesk-cohort-'))
afterAll(() => rm(root, { recursive: true, force: true }))

const options = (folder: string): SynthesizeCohortOptions => ({
  folder: join(root, folder),
  caseCount: 5,
  dims: [24, 28, 24],
  seed: 3,
  kappa: 0.5,
  labelNoise: 1,
})

describe('synthesizeCohort', () => {
  it('writes BraTS-named cases that hold what the generator draws', async () => {
    const seen: number[] = []
    const cohort = await synthesizeCohort({
      ...options('whole'),
      onProgress: ({ done }) => seen.push(done),
    })
    expect(seen).toEqual([1, 2, 3, 4, 5])
    const folder = join(root, 'whole')
    expect((await readdir(folder)).sort()).toEqual([
      ...[1, 2, 3, 4, 5].map((n) => `Synth_000${n}`),
      'dataset.json',
    ])
    expect(JSON.parse(await readFile(join(folder, 'dataset.json'), 'utf8'))).toEqual(cohort)

    const { name, index, labelNoise } = cohort.cases[1]
    const drawn = generateSyntheticCase({
      seed: 3,
      index,
      dims: [24, 28, 24],
      kappa: 0.5,
      labelNoise,
    })
    const load = async (suffix: string) => {
      const path = join(folder, name, `${name}_${suffix}.nii.gz`)
      return (await readNifti(new Uint8Array(await readFile(path)), path)).volume
    }
    const flair = await load('flair')
    expect(Array.from(flair.voxels)).toEqual(Array.from(drawn.images.flair))
    expect(flair.grid.dims).toEqual(drawn.grid.dims)
    for (let n = 0; n < 16; n++) {
      expect(flair.grid.indexToWorld[n]).toBeCloseTo(drawn.grid.indexToWorld[n], 4)
    }
    const seg = await load('seg')
    const stored = Array.from(drawn.labels, (label) => (label === LABELS.enhancing ? 4 : label))
    expect(Array.from(seg.voxels)).toEqual(stored)
  })

  it('keeps the labels of validation and test cases exact', async () => {
    const cohort = await synthesizeCohort(options('splits'))
    expect(cohort.cases.map(({ split }) => split).sort()).toEqual([
      'test',
      'train',
      'train',
      'train',
      'validation',
    ])
    for (const { split, labelNoise } of cohort.cases)
      expect(labelNoise).toBe(split === 'train' ? 1 : 0)
  })

  it('adds a pool without segmentations and leaves the labelled cases as they are', async () => {
    const alone = await synthesizeCohort(options('alone'))
    const pooled = await synthesizeCohort({ ...options('pooled'), unlabelledCount: 2 })
    expect(pooled.cases.slice(0, 5)).toEqual(alone.cases)
    for (const { name, split, hasSegmentation } of pooled.cases.slice(5)) {
      expect([split, hasSegmentation]).toEqual(['train', false])
      const files = await readdir(join(root, 'pooled', name))
      expect(files.map((file) => file.replace(`${name}_`, '')).sort()).toEqual([
        'flair.nii.gz',
        't1.nii.gz',
        't1ce.nii.gz',
        't2.nii.gz',
      ])
    }
  })

  it('writes the same bytes with one worker as with two', async () => {
    await synthesizeCohort({ ...options('one'), workers: 1 })
    await synthesizeCohort({ ...options('two'), workers: 2 })
    for (const file of ['dataset.json', 'Synth_0004/Synth_0004_t1ce.nii.gz']) {
      expect(await readFile(join(root, 'one', file))).toEqual(
        await readFile(join(root, 'two', file)),
      )
    }
  })

  it('leaves nothing behind when cancelled', async () => {
    const controller = new AbortController()
    const run = synthesizeCohort({
      ...options('cancelled'),
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('stopped by the reader')),
    })
    await expect(run).rejects.toThrow('stopped by the reader')
    expect(await readdir(join(root, 'cancelled'))).toEqual([])
  })

  it('refuses a folder in use and leaves it as it was', async () => {
    const folder = await mkdtemp(join(root, 'used-'))
    await writeFile(join(folder, 'notes.txt'), 'keep me')
    await expect(synthesizeCohort({ ...options('x'), folder })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      remedy: expect.stringContaining('empty folder') as string,
    })
    expect(await readdir(folder)).toEqual(['notes.txt'])
  })

  it.each([
    { caseCount: 0 },
    { dims: [241, 64, 64] as const },
    { dims: [8, 64, 64] as const },
    { kappa: 1.2 },
    { labelNoise: -0.1 },
    { scanner: { noise: -1 } },
    { seed: 0.5 },
  ])('refuses %o in words, before touching the disk', async (wrong) => {
    const run = synthesizeCohort({ ...options('refused'), ...wrong })
    await expect(run).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(await readdir(root)).not.toContain('refused')
  })
})
