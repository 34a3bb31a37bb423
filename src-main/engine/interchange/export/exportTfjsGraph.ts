import { describeNetwork } from './describeNetwork.ts'
import { describeUse } from './describeUse.ts'
import { weightOf, type ExportedModel } from './exportedModel.ts'
import { LEAKY_SLOPE, NORM_EPSILON, type GraphSink } from './graphSink.ts'
import {
  convolutionAttributes,
  FLOAT,
  INT32,
  floatOf,
  graphBuilder,
  integerOf,
  integersOf,
  shapeOf,
  textOf,
  truthOf,
  type GraphBuilder,
} from './tfjsGraph.ts'
import { tfjsUpConvolution } from './tfjsUpConvolution.ts'

const WEIGHTS_FILE = 'weights.bin'
const SPACE = integersOf([1, 2, 2, 2, 1])

/**
 * Writes a model as a TensorFlow.js graph model, which `tf.loadGraphModel` reads: "model.json" and "weights.bin". Input
 * "image", N×D×H×W×C; outputs "logits" and "probabilities", N×D×H×W×4; batch and extents are free. What a user must
 * know stands in the model's user-defined metadata.
 *
 * @returns file contents by name
 * @throws GliadeskError BAD_INPUT for a kind of network that cannot be exported, BAD_FILE where weights are missing
 */
export function exportTfjsGraph(exported: ExportedModel): ReadonlyMap<string, Uint8Array> {
  const graph = graphBuilder()
  const outputs: Record<string, unknown> = {}
  const tensorInfo = (name: string, channels: number): unknown => ({
    name: `${name}:0`,
    dtype: 'DT_FLOAT',
    tensorShape: shapeOf([-1, -1, -1, -1, channels]),
  })
  describeNetwork(
    tfjsSink(graph, exported, (name, classes) => (outputs[name] = tensorInfo(name, classes))),
    exported,
  )

  const constants = [...graph.constants]
  const model = {
    format: 'graph-model',
    generatedBy: `Gliadesk ${exported.version}`,
    convertedBy: null,
    signature: { inputs: { image: tensorInfo('image', exported.model.sequences.length) }, outputs },
    userDefinedMetadata: describeUse(exported, 'NDHWC'),
    modelTopology: { node: graph.nodes, library: {}, versions: { producer: 1882 } },
    weightsManifest: [
      {
        paths: [WEIGHTS_FILE],
        weights: constants.map(([name, { shape, values }]) => ({
          name,
          shape,
          dtype: values instanceof Int32Array ? 'int32' : 'float32',
        })),
      },
    ],
  }
  return new Map([
    ['model.json', new TextEncoder().encode(JSON.stringify(model))],
    [WEIGHTS_FILE, littleEndian(constants.map(([, { values }]) => values))],
  ])
}

function tfjsSink(
  graph: GraphBuilder,
  exported: ExportedModel,
  found: (name: string, classes: number) => void,
): GraphSink {
  const parameter = (name: string, rank: number): string =>
    graph.constant(name, weightOf(exported, name, rank))
  const mean = (name: string, x: string): string =>
    graph.node('Mean', name, [x, graph.integers([1, 2, 3])], { keep_dims: truthOf(true) })
  return {
    input: (channels) => {
      graph.node('Placeholder', 'image', [], {
        dtype: FLOAT,
        shape: { shape: shapeOf([-1, -1, -1, -1, channels]) },
      })
      return 'image'
    },
    convolution: (x, layer, stride, dilation = 1) =>
      graph.node(
        'Conv3D',
        `${layer}/convolution`,
        [x, parameter(`${layer}.filter`, 5)],
        convolutionAttributes('SAME', stride, dilation),
      ),
    downConvolution: (x, layer) =>
      graph.node(
        'Conv3D',
        `${layer}/convolution`,
        [x, parameter(`${layer}.filter`, 5)],
        convolutionAttributes('VALID', 2),
      ),
    pointwise: (x, layer, bias) => {
      const name = `${layer}.filter`
      const { shape, values } = weightOf(exported, name, 2)
      const filter = graph.constant(name, { shape: [1, 1, 1, ...shape], values })
      const product = graph.node(
        'Conv3D',
        `${layer}/product`,
        [x, filter],
        convolutionAttributes('VALID'),
      )
      if (!bias) return product
      return graph.node('AddV2', `${layer}/biased`, [product, parameter(`${layer}.bias`, 1)])
    },
    upConvolution: (x, layer) =>
      tfjsUpConvolution(graph, x, layer, weightOf(exported, `${layer}.filter`, 5)),
    instanceNorm: (x, layer) => {
      const step = (op: string, name: string, a: string, b: string): string =>
        graph.node(op, `${layer}/${name}`, [a, b])
      const mu = mean(`${layer}/mean`, x)
      const variance = mean(`${layer}/variance`, step('SquaredDifference', 'squares', x, mu))
      const safe = step('AddV2', 'safe', variance, graph.float(NORM_EPSILON))
      const inverse = graph.node('Rsqrt', `${layer}/inverse`, [safe])
      const slope = step('Mul', 'slope', inverse, parameter(`${layer}.scale`, 1))
      const scaled = step('Mul', 'scaled', step('Sub', 'centred', x, mu), slope)
      return step('AddV2', 'normalised', scaled, parameter(`${layer}.offset`, 1))
    },
    leakyRelu: (x, layer) =>
      graph.node('LeakyRelu', `${layer}/activated`, [x], { alpha: floatOf(LEAKY_SLOPE) }),
    halve: (x, layer) =>
      graph.node('AvgPool3D', `${layer}/halved`, [x], {
        ksize: SPACE,
        strides: SPACE,
        padding: textOf('VALID'),
        data_format: textOf('NDHWC'),
      }),
    add: (a, b, layer) => graph.node('AddV2', `${layer}/sum`, [a, b]),
    join: (a, b, layer) =>
      graph.node('ConcatV2', `${layer}/joined`, [a, b, graph.integer(4)], {
        N: integerOf(2),
        Tidx: INT32,
      }),
    softmax: (x) => graph.node('Softmax', 'softmax', [x]),
    output: (x, name, classes) => {
      graph.node('Identity', name, [x])
      found(name, classes)
    },
  }
}

function littleEndian(arrays: readonly (Float32Array | Int32Array)[]): Uint8Array {
  const total = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const view = new DataView(new ArrayBuffer(total))
  let at = 0
  for (const values of arrays) {
    for (const value of values) {
      if (values instanceof Int32Array) view.setInt32(at, value, true)
      else view.setFloat32(at, value, true)
      at += 4
    }
  }
  return new Uint8Array(view.buffer)
}
