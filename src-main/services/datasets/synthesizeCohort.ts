import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { GliadeskError, type Split } from '../../contract/index.ts'
import { randomStream } from '../../imaging/index.ts'
import {
  GENERATOR_VERSION,
  MIN_DIM,
  type ScannerShift,
  type SyntheticDescription,
} from '../../imaging/synthetic/index.ts'
import { asStorageError, nodeFileSystem, writeFileAtomically } from '../../storage/index.ts'
import { runSyntheticCaseTasks } from './runSyntheticCaseTasks.ts'
import type { SyntheticCaseTask } from './writeSyntheticCase.ts'

export interface SynthesizeCohortOptions {
  /** Where the cohort goes; made if missing, must hold nothing yet. */
  folder: string
  caseCount: number
  /** Further training cases without a segmentation, which only a teacher can speak for; none where not given. */
  unlabelledCount?: number
  /** [nx, ny, nz] of every volume, at most 240×240×155. */
  dims: readonly [number, number, number]
  seed: number
  /** Strength of the cues outside T1ce, 0 to 1. */
  kappa: number
  /** Carelessness of the training cases' labels, 0 to 1; validation and test are always exact. */
  labelNoise?: number
  scanner?: Partial<ScannerShift>
  /** Name of the data set; "Synthetic cohort" and the seed where not given. */
  name?: string
  /** Worker threads; as many as cores, two at most, where not given. */
  workers?: number
  onProgress?: (progress: { done: number; total: number; caseName: string }) => void
  signal?: AbortSignal
}

export interface SyntheticCohortCase {
  name: string
  index: number
  /** The suggested, patient-level split. */
  split: Split
  labelNoise: number
  /** False for the cases of the unlabelled pool. */
  hasSegmentation: boolean
  description: SyntheticDescription
}

/** The content of `dataset.json`. */
export interface SyntheticCohort {
  name: string
  synthetic: true
  generator: { name: 'gliadesk'; version: string }
  seed: number
  kappa: number
  labelNoise: number
  scanner: ScannerShift
  dims: [number, number, number]
  labelConvention: 'et4'
  cases: SyntheticCohortCase[]
}

const MAX_DIMS = [240, 240, 155]
const MAX_CASES = 9999
const TRAIN_SHARE = 0.6
const VALIDATION_SHARE = 0.2

/**
 * Writes a cohort of synthetic glioma studies: one BraTS-style folder a case and a `dataset.json` that says how it
 * was made. Written last, so a folder with a `dataset.json` is complete. Equal options give equal files whatever the
 * number of workers.
 *
 * @returns what `dataset.json` holds
 * @throws GliadeskError BAD_INPUT for options out of range or a folder already in use; DISK_FULL, READ_ONLY
 * @throws the signal's reason when cancelled; what was written is removed
 */
export async function synthesizeCohort(options: SynthesizeCohortOptions): Promise<SyntheticCohort> {
  checkOptions(options)
  options.signal?.throwIfAborted()
  const { folder, caseCount, seed, kappa, dims } = options
  await prepareFolder(folder)
  const labelNoise = options.labelNoise ?? 0
  const scanner = { contrast: 1, bias: 1, noise: 1, ...options.scanner }
  // The pool comes after the labelled cases, so that these are the same with and without it.
  const pool = new Array<Split>(options.unlabelledCount ?? 0).fill('train')
  const cases = [...drawSplits(seed, caseCount), ...pool].map((split, index) => ({
    name: `Synth_${String(index + 1).padStart(4, '0')}`,
    index,
    split,
    labelNoise: split === 'train' ? labelNoise : 0,
    hasSegmentation: index < caseCount,
  }))
  const tasks: SyntheticCaseTask[] = cases.map(({ name, index, labelNoise, hasSegmentation }) => ({
    folder,
    name,
    hasSegmentation,
    options: { seed, index, dims, kappa, labelNoise, scanner },
  }))

  try {
    const descriptions = await runSyntheticCaseTasks(tasks, options)
    const cohort: SyntheticCohort = {
      name: options.name ?? `Synthetic cohort ${seed}`,
      synthetic: true,
      generator: { name: 'gliadesk', version: GENERATOR_VERSION },
      seed,
      kappa,
      labelNoise,
      scanner,
      dims: [dims[0], dims[1], dims[2]],
      labelConvention: 'et4',
      cases: cases.map((entry, n) => ({ ...entry, description: descriptions[n] })),
    }
    const text = `${JSON.stringify(cohort, null, 2)}\n`
    const path = join(folder, 'dataset.json')
    await writeFileAtomically(nodeFileSystem, path, new TextEncoder().encode(text), 'synthetic')
    return cohort
  } catch (error) {
    for (const { name } of cases) {
      for (const leftover of [name, `.${name}.partial`]) {
        await rm(join(folder, leftover), { recursive: true, force: true }).catch(() => undefined)
      }
    }
    if (options.signal?.aborted) throw error
    throw asStorageError(error, 'Writing the synthetic cohort', folder)
  }
}

function checkOptions(options: SynthesizeCohortOptions): void {
  const refuse = (field: string, remedy: string): never => {
    throw new GliadeskError('BAD_INPUT', `A synthetic cohort cannot have ${field}.`, remedy)
  }
  const { caseCount, unlabelledCount = 0, dims, kappa, labelNoise = 0, seed } = options
  if (!Number.isInteger(caseCount) || caseCount < 1 || caseCount > MAX_CASES) {
    refuse(`${caseCount} cases`, `Ask for a whole number of cases, 1 to ${MAX_CASES}.`)
  }
  if (!Number.isInteger(unlabelledCount) || unlabelledCount < 0) {
    refuse(`${unlabelledCount} unlabelled cases`, 'Ask for a whole number of them, or for none.')
  }
  if (caseCount + unlabelledCount > MAX_CASES) {
    refuse(
      `${caseCount + unlabelledCount} cases`,
      `Ask for at most ${MAX_CASES}, with and without segmentation.`,
    )
  }
  const fits = dims.every((d, n) => Number.isInteger(d) && d >= MIN_DIM && d <= MAX_DIMS[n])
  if (!fits) {
    refuse(
      `volumes of ${dims.join('×')} voxels`,
      `Each side must be a whole number from ${MIN_DIM} up to ${MAX_DIMS.join('×')}.`,
    )
  }
  if (!(kappa >= 0 && kappa <= 1)) refuse(`κ = ${kappa}`, 'κ must lie between 0 and 1.')
  if (!(labelNoise >= 0 && labelNoise <= 1)) {
    refuse(`a label noise of ${labelNoise}`, 'Label noise must lie between 0 and 1.')
  }
  if (!Number.isInteger(seed)) refuse(`the seed ${seed}`, 'The seed must be a whole number.')
  for (const [part, value] of Object.entries(options.scanner ?? {})) {
    if (!(value >= 0 && value <= 10)) {
      refuse(`a scanner ${part} of ${value}`, 'Scanner factors must lie between 0 and 10.')
    }
  }
}

async function prepareFolder(folder: string): Promise<void> {
  let entries: string[]
  try {
    await mkdir(folder, { recursive: true })
    entries = await readdir(folder)
  } catch (error) {
    throw asStorageError(error, 'Writing the synthetic cohort', folder)
  }
  if (entries.some((entry) => !entry.startsWith('.'))) {
    throw new GliadeskError(
      'BAD_INPUT',
      `${folder} already holds files, so no synthetic cohort was written there.`,
      'Choose an empty folder or the name of a new one.',
    )
  }
}

/** Splits whole cases; at least one of each kind from three cases on. */
function drawSplits(seed: number, caseCount: number): Split[] {
  const held = (share: number): number =>
    Math.max(caseCount >= 3 ? 1 : 0, Math.round(share * caseCount))
  const validation = held(VALIDATION_SHARE)
  const test = held(1 - TRAIN_SHARE - VALIDATION_SHARE)
  const order = randomStream(seed, 'synthetic/split').shuffled([...Array(caseCount).keys()])
  const splits = new Array<Split>(caseCount).fill('train')
  order.forEach((index, place) => {
    if (place < validation) splits[index] = 'validation'
    else if (place < validation + test) splits[index] = 'test'
  })
  return splits
}
