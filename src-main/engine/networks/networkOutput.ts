import type { tf } from '../tensor.ts'

/**
 * What a network's forward pass returns. Tensors are B×D×H×W×C (D = z, H = y, W = x), so a volume in
 * `VolumeGrid` order (x fastest) is a tensor's memory as it is.
 */
export interface NetworkOutput {
  /** Class logits, finest first; more than one only with deep supervision. Channel order = label value. */
  readonly logits: readonly tf.Tensor5D[]
  /**
   * Of a network with a region head: logits of WT, TC, ET, finest first, which the loss is taken of. `logits` then holds
   * the class logits of the finest.
   */
  readonly regions?: readonly tf.Tensor5D[]
  /**
   * Feature maps that distillation can read: "encoder.0" (finest) … , "bottleneck" (coarsest),
   * "decoder.0" (finest) … .
   */
  readonly taps: Readonly<Record<string, tf.Tensor5D>>
}

/**
 * Splits a feature map at a tap: `main` goes on through the network, `tap` goes into `NetworkOutput.taps`.
 * Both hold the same values; the split lets a distillation strategy treat the gradients of the two paths
 * differently. A forward pass without a splitter uses the features themselves for both.
 */
export type TapSplitter = (
  name: string,
  features: tf.Tensor5D,
) => { readonly main: tf.Tensor5D; readonly tap: tf.Tensor5D }
