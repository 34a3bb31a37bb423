import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { synthesizeCohort } from '../src-main/services/datasets/index.ts'

const DIMS = [240, 240, 155] as const

export interface BenchCohort {
  /** Holds `cohort` and whatever else a measurement writes. */
  readonly scratch: string
  /** A data set of one synthetic case of 240×240×155 voxels, four sequences and a label. */
  readonly folder: string
  readonly caseName: string
  /** Path of a sequence's image; the file name's own ending, e.g. "flair". */
  image(sequence: string): string
  remove(): Promise<void>
}

/** Names a cohort that is already made, so that sections of one run share it. */
export const COHORT_VARIABLE = 'GLIADESK_BENCH_COHORT'

/** Makes the case that whole-case measurements share, in a temporary folder, unless `COHORT_VARIABLE` names it. */
export async function makeBenchCohort(): Promise<BenchCohort> {
  const scratch = await mkdtemp(join(tmpdir(), 'gliadesk-bench-'))
  const remove = (): Promise<void> => rm(scratch, { recursive: true, force: true })
  const ready = process.env[COHORT_VARIABLE]
  const folder = ready ?? join(scratch, 'cohort')
  const caseName = 'Synth_0001'
  try {
    if (ready === undefined) {
      await synthesizeCohort({ folder, caseCount: 1, dims: DIMS, seed: 1, kappa: 0.5 })
    }
    return {
      scratch,
      folder,
      caseName,
      image: (sequence) => join(folder, caseName, `${caseName}_${sequence}.nii.gz`),
      remove,
    }
  } catch (error) {
    await remove()
    throw error
  }
}
