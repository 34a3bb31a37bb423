import type {
  JobEvent,
  JobProgress,
  ManifestCase,
  Sequence,
  TrainingPlan,
} from '../../contract/index.ts'
import type { Checkpoint, FileSystemPort, ValidationScore } from '../checkpoint/index.ts'
import type { NamedArray } from '../networks/index.ts'
import type { BatchRequest } from './batchRequest.ts'
import type { BatchSource } from './batchSource.ts'
import type { GradientPeers } from './parallelGradient.ts'
import type { TrainedNetwork } from './trainedNetwork.ts'

/** What a run works on; everything is loaded and checked. */
export interface TrainingInputs {
  readonly plan: TrainingPlan
  readonly training: readonly ManifestCase[]
  readonly validation: readonly ManifestCase[]
  /** Corrected cases of a fine-tuning run. */
  readonly corrected: readonly ManifestCase[]
  /** Cases that only the teacher speaks for, mixed in as the plan's pool says; absent: none. */
  readonly pool?: readonly ManifestCase[]
  /** The frozen guide of a distillation run. Owned by the caller. */
  readonly teacher: TrainedNetwork | null
  /** Weights to start from, or null for a random start. */
  readonly initialWeights: ReadonlyMap<string, NamedArray> | null
  /** Where to continue, or null to start at step 0. */
  readonly resumeFrom: Checkpoint | null
  /** The run writes only here. */
  readonly folder: string
  /** Bytes of prepared cases that may be kept in memory. */
  readonly cacheBytes: number
}

export type RunRequest = 'none' | 'pause' | 'cancel'

/** How a run reaches the world outside. */
export interface TrainingPorts {
  readonly files: FileSystemPort
  /** Seconds from an arbitrary start; only for speed and remaining time, never for results. */
  readonly secondsNow: () => number
  /** Lets waiting messages in; called once a step. */
  readonly yieldToEvents: () => Promise<void>
  readonly requested: () => RunRequest
  readonly emit: (event: JobEvent) => void
  readonly report: (progress: JobProgress) => void
  /** Prepares batches in another thread, while this one computes; absent where this one prepares them. */
  readonly startBatches?: (request: BatchRequest) => StartedBatches
  /**
   * Starts the other processes of a run that has several, at the state of a checkpoint; absent where this one computes
   * alone.
   *
   * @param values count of trained values
   */
  readonly startPeers?: (checkpoint: Uint8Array, values: number) => Promise<StartedPeers>
}

/** Batches that are prepared elsewhere. */
export interface StartedBatches extends BatchSource {
  close(): void
}

export interface StartedPeers extends GradientPeers {
  close(): void
}

export type TrainingOutcome =
  | {
      readonly kind: 'done'
      readonly weightsPath: string
      readonly parameterCount: number
      /** Of the weights that were kept; null without validation cases. */
      readonly best: ValidationScore | null
    }
  | { readonly kind: 'paused'; readonly checkpointPath: string }
  | { readonly kind: 'cancelled' }

/** The sequences that have to be read: the network's own first, then what only the teacher needs. */
export function sequencesToRead(
  plan: Pick<TrainingPlan, 'sequences'>,
  teacher: Pick<TrainedNetwork, 'sequences'> | null,
): Sequence[] {
  return [...new Set([...plan.sequences, ...(teacher?.sequences ?? [])])]
}
