/**
 * What a network is described to: each format builds its own nodes from the same sequence of layers. A value is the name
 * of a tensor in the graph; a layer is named as its weights are in the weights file.
 */
export interface GraphSink {
  input(channels: number): string
  /** 3×3×3, SAME padding as TensorFlow counts it (of stride 2 the odd voxel lies at the end), no bias: `<layer>.filter`. */
  convolution(x: string, layer: string, stride: 1 | 2, dilation?: number): string
  /** 2×2×2 of stride 2, no bias: `<layer>.filter`. */
  downConvolution(x: string, layer: string): string
  /** 1×1×1: `<layer>.filter`, and `<layer>.bias` where `bias` is set. */
  pointwise(x: string, layer: string, bias: boolean): string
  /** 2×2×2 of stride 2, no bias: `<layer>.filter`. */
  upConvolution(x: string, layer: string): string
  /** Moments over all voxels of a sample and channel: `<layer>.scale`, `<layer>.offset`. */
  instanceNorm(x: string, layer: string): string
  leakyRelu(x: string, layer: string): string
  /** Mean of 2×2×2 voxels. */
  halve(x: string, layer: string): string
  add(a: string, b: string, layer: string): string
  /** Along channels. */
  join(a: string, b: string, layer: string): string
  softmax(x: string): string
  /** Gives a value a name under which the reader of the graph finds it. */
  output(x: string, name: 'logits' | 'probabilities', classes: number): void
}

/** Negative slope of every leaky ReLU, and what instance norms add to the variance: those of the layers that were trained. */
export const LEAKY_SLOPE = 0.01
export const NORM_EPSILON = 1e-5
