import type { JobError } from '../../contract/index.ts'
import type { Batch } from '../training/index.ts'

/** What the thread that prepares batches is asked. Both sides are of one build, so nothing is parsed. */
export interface BatchQuestion {
  readonly id: number
  readonly kind: 'draw' | 'observe'
  /** Index of the observation, or the step. */
  readonly step: number
  readonly part: number
}

export type BatchAnswer =
  { readonly id: number; readonly batch: Batch } | { readonly id: number; readonly error: JobError }
