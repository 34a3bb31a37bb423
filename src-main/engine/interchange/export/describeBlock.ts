import type { GraphSink } from './graphSink.ts'

export interface DescribedBlock {
  readonly from: number
  readonly to: number
  /** Of the first convolution. */
  readonly stride: 1 | 2
  readonly convolutions: number
  readonly residual: boolean
}

/** Convolution → instance norm, and leaky ReLU where `activate` is set. */
export function describeConvolved(
  sink: GraphSink,
  x: string,
  layer: string,
  stride: 1 | 2,
  activate: boolean,
): string {
  const normalised = sink.instanceNorm(sink.convolution(x, layer, stride), layer)
  return activate ? sink.leakyRelu(normalised, layer) : normalised
}

/** The layers of `convolutionBlock`. */
export function describeBlock(
  sink: GraphSink,
  input: string,
  name: string,
  { from, to, stride, convolutions, residual }: DescribedBlock,
): string {
  let x = input
  for (let i = 0; i < convolutions; i++) {
    const activate = !residual || i < convolutions - 1
    x = describeConvolved(sink, x, `${name}.${i}`, i === 0 ? stride : 1, activate)
  }
  if (!residual) return x
  const shortcut = `${name}.shortcut`
  const pooled = stride === 2 ? sink.halve(input, shortcut) : input
  const projected = from === to ? pooled : sink.pointwise(pooled, shortcut, false)
  return sink.leakyRelu(sink.add(x, projected, shortcut), name)
}
