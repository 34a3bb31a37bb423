import type { ManifestCase, NetworkConfig, Sequence, TrainingPlan } from '../../contract/index.ts'

/** What the batches of a run follow from; plain data, so that another thread can prepare them. */
export interface BatchRequest {
  readonly plan: TrainingPlan
  readonly usable: {
    readonly training: readonly ManifestCase[]
    readonly corrected: readonly ManifestCase[]
    readonly pool: readonly ManifestCase[]
  }
  /** What the teacher reads besides the network; null without one. */
  readonly teacher: {
    readonly sequences: readonly Sequence[]
    readonly network: { readonly config: Pick<NetworkConfig, 'acceptsMissing'> }
  } | null
  /** Of the run: prepared training cases get their share of it. */
  readonly cacheBytes: number
}
