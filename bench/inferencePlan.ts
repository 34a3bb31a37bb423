import type { InferenceConfig, NetworkConfig, Sequence } from '../src-main/contract/index.ts'

/** What every implementation of the whole-case prediction is told, so that the ratios compare like with like. */
export interface InferencePlan {
  /** `Date.now()` when the process was started. */
  startedAt: number
  readonly weightsPath: string
  readonly network: NetworkConfig
  readonly sequences: readonly Sequence[]
  /** Voxels along x, y, z. */
  readonly window: readonly [number, number, number]
  readonly inference: InferenceConfig
  readonly images: Readonly<Partial<Record<Sequence, string>>>
  /** The labelmap and the uncertainty map are written here. */
  readonly outFolder: string
  readonly repetitions: number
}

/** Seconds of one case, stage by stage. */
export interface InferenceStages {
  /** Read and unpack the files, crop, normalise, resample to the network's voxels. */
  readonly read: number
  /** Windows through the network, overlap-added. */
  readonly windows: number
  /** Softmax, back to the case's grid, labels and uncertainty. */
  readonly finish: number
  /** Labelmap and uncertainty map as `.nii.gz`. */
  readonly write: number
}

export interface InferenceRecord {
  readonly description: string
  /** Seconds from the start of the process to the first answer on disk: a job's time for one case. */
  readonly coldSeconds: number
  /** Every run after the first. */
  readonly runs: readonly InferenceStages[]
  readonly peakMib: number
  readonly labelPath: string
}

export const totalOf = ({ read, windows, finish, write }: InferenceStages): number =>
  read + windows + finish + write
