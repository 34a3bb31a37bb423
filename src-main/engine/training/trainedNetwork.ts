import type { Sequence } from '../../contract/index.ts'
import type { Triple } from '../data/index.ts'
import type { Network } from '../networks/index.ts'

/** A network with its weights, and what it must be fed. */
export interface TrainedNetwork {
  readonly network: Network
  /** Input channels in order. */
  readonly sequences: readonly Sequence[]
  /** Voxels along x, y, z of the windows it was trained on. */
  readonly window: Triple
}
