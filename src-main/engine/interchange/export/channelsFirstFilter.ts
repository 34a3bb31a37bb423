import type { NamedArray } from '../../namedArray.ts'

/**
 * Reorders a filter kD×kH×kW×Cin×Cout as ONNX wants it: Cout×Cin×kD×kH×kW for a convolution, Cin×Cout×kD×kH×kW for a
 * transposed one.
 */
export function channelsFirstFilter(
  { shape, values }: NamedArray,
  order: 'convolution' | 'transposed',
): { dims: number[]; values: Float32Array } {
  const [depth, height, width, from, to] = shape
  const taps = depth * height * width
  const turned = new Float32Array(values.length)
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < from; i++) {
      for (let o = 0; o < to; o++) {
        const at = order === 'convolution' ? o * from + i : i * to + o
        turned[at * taps + tap] = values[(tap * from + i) * to + o]
      }
    }
  }
  const channels = order === 'convolution' ? [to, from] : [from, to]
  return { dims: [...channels, depth, height, width], values: turned }
}
