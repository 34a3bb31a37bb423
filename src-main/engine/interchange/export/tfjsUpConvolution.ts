import type { NamedArray } from '../../namedArray.ts'
import { convolutionAttributes, INT32, integerOf, type GraphBuilder } from './tfjsGraph.ts'

/**
 * A 2×2×2 transposed convolution of stride 2 for a reader that knows none in three dimensions: its windows do not
 * overlap, so it is one product per voxel that gives all eight children, and a reordering of
 * (B D H W | kD kH kW C) into (B D kD H kH W kW C). That takes two transpositions of rank 4, since the reader's end at
 * rank 6.
 *
 * @param x B×D×H×W×Cin
 * @param filter 2×2×2×Cin×Cout
 * @returns B×2D×2H×2W×Cout
 */
export function tfjsUpConvolution(
  graph: GraphBuilder,
  x: string,
  layer: string,
  filter: NamedArray,
): string {
  const to = filter.shape[4]
  const weights = graph.constant(`${layer}.filter`, childrenFilter(filter))
  const children = graph.node(
    'Conv3D',
    `${layer}/children`,
    [x, weights],
    convolutionAttributes('VALID'),
  )
  const shape = graph.node('Shape', `${layer}/shape`, [x], { out_type: INT32 })
  const extent = (axis: number): string =>
    graph.node(
      'StridedSlice',
      `${layer}/extent_${axis}`,
      [shape, graph.integers([axis]), graph.integers([axis + 1]), graph.integers([1])],
      { T: INT32, shrink_axis_mask: integerOf(1) },
    )
  const product = (name: string, a: string, b: string): string =>
    graph.node('Mul', `${layer}/${name}`, [a, b], { T: INT32 })
  const reshape = (name: string, value: string, extents: readonly string[]): string => {
    const size = graph.node('Pack', `${layer}/${name}_size`, extents, {
      T: INT32,
      N: integerOf(extents.length),
      axis: integerOf(0),
    })
    return graph.node('Reshape', `${layer}/${name}`, [value, size])
  }
  const swapMiddle = (name: string, value: string): string =>
    graph.node('Transpose', `${layer}/${name}`, [value, graph.integers([0, 2, 1, 3])])

  const two = graph.integer(2)
  const [depth, height, width] = [extent(1), extent(2), extent(3)]
  const plane = product('plane', height, width)
  const rest = graph.integer(-1)
  const slices = reshape('slices', children, [rest, plane, two, graph.integer(4 * to)])
  const deep = swapMiddle('deep', slices)
  const rows = reshape('rows', deep, [rest, width, two, graph.integer(2 * to)])
  const high = swapMiddle('high', rows)
  return reshape('doubled', high, [
    rest,
    product('depth', depth, two),
    product('height', height, two),
    product('width', width, two),
    graph.integer(to),
  ])
}

/** 2×2×2×Cin×Cout → 1×1×1×Cin×(kD kH kW Cout). */
function childrenFilter({ shape, values }: NamedArray): NamedArray {
  const [, , , from, to] = shape
  const turned = new Float32Array(values.length)
  for (let tap = 0; tap < 8; tap++) {
    for (let i = 0; i < from; i++) {
      for (let o = 0; o < to; o++) {
        turned[(i * 8 + tap) * to + o] = values[(tap * from + i) * to + o]
      }
    }
  }
  return { shape: [1, 1, 1, from, 8 * to], values: turned }
}
