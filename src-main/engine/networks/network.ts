import type { NetworkConfig } from '../../contract/index.ts'
import type { tf } from '../tensor.ts'
import type { NetworkOutput, TapSplitter } from './networkOutput.ts'
import type { Parameters } from './parameters.ts'

/** A built network: parameters, and a pure forward pass over them. */
export interface Network {
  readonly config: NetworkConfig
  readonly inChannels: number
  readonly classes: number
  readonly parameters: Parameters
  /** Input depth, height and width must be multiples of this. */
  readonly divisor: number
  /**
   * @param input B×D×H×W×inChannels
   * @param splitTap treats what is read at a tap apart from what goes on through the network
   * @param checkpointing keep only the maps between levels for the backward pass, and compute each level again there
   */
  forward(input: tf.Tensor5D, splitTap?: TapSplitter, checkpointing?: boolean): NetworkOutput
  dispose(): void
}
