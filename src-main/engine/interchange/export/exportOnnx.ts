import { ELEMENT, type OnnxModel, type OnnxNode, type OnnxTensor } from '../onnx/onnxModel.ts'
import { writeOnnxModel } from '../onnx/writeOnnxModel.ts'
import { describeNetwork } from './describeNetwork.ts'
import { describeUse } from './describeUse.ts'
import { weightOf, type ExportedModel } from './exportedModel.ts'
import { LEAKY_SLOPE, NORM_EPSILON, type GraphSink } from './graphSink.ts'
import { channelsFirstFilter } from './channelsFirstFilter.ts'

/** Instance normalisation, leaky ReLU and transposed convolution in three dimensions are all older; 17 is read everywhere. */
const OPSET = 17

const SPACE = ['depth', 'height', 'width']

/**
 * Writes a model as an ONNX file. Input "image", N×C×D×H×W; outputs "logits" and "probabilities", N×4×D×H×W. Batch
 * and extents are free; each extent has to be a multiple of the network's divisor. How to prepare images and what the
 * classes are stands in the file's metadata.
 *
 * @throws GliadeskError BAD_INPUT for a kind of network that cannot be exported, BAD_FILE where weights are missing
 */
export function exportOnnx(exported: ExportedModel): Uint8Array {
  const nodes: OnnxNode[] = []
  const initializers = new Map<string, OnnxTensor>()
  const inputs: OnnxModel['inputs'][number][] = []
  const outputs: OnnxModel['outputs'][number][] = []

  const node = (
    op: string,
    name: string,
    from: readonly string[],
    attributes: Record<string, number | readonly number[]> = {},
  ): string => {
    const output = `${name}.${op}`
    nodes.push({
      op,
      name: output,
      inputs: from,
      outputs: [output],
      attributes: new Map(Object.entries(attributes)),
    })
    return output
  }
  const parameter = (name: string, dims: readonly number[], values: Float32Array): string => {
    initializers.set(name, { dims, values, isInteger: false })
    return name
  }
  const vector = (name: string): string => {
    const { shape, values } = weightOf(exported, name, 1)
    return parameter(name, shape, values)
  }
  const filter = (layer: string, order: 'convolution' | 'transposed'): string => {
    const name = `${layer}.filter`
    const { dims, values } = channelsFirstFilter(weightOf(exported, name, 5), order)
    return parameter(name, dims, values)
  }

  const sink: GraphSink = {
    input: (channels) => {
      inputs.push({
        name: 'image',
        elementType: ELEMENT.float,
        dims: ['batch', channels, ...SPACE],
      })
      return 'image'
    },
    convolution: (x, layer, stride, dilation = 1) =>
      node('Conv', layer, [x, filter(layer, 'convolution')], {
        kernel_shape: [3, 3, 3],
        strides: [stride, stride, stride],
        dilations: [dilation, dilation, dilation],
        // Of stride 2 and an even extent, SAME has one voxel to add, which TensorFlow puts at the end.
        pads: stride === 2 ? [0, 0, 0, 1, 1, 1] : new Array<number>(6).fill(dilation),
      }),
    downConvolution: (x, layer) =>
      node('Conv', layer, [x, filter(layer, 'convolution')], {
        kernel_shape: [2, 2, 2],
        strides: [2, 2, 2],
      }),
    pointwise: (x, layer, bias) => {
      const { shape, values } = weightOf(exported, `${layer}.filter`, 2)
      const five = { shape: [1, 1, 1, ...shape], values }
      const { dims, values: turned } = channelsFirstFilter(five, 'convolution')
      const weights = parameter(`${layer}.filter`, dims, turned)
      const from = bias ? [x, weights, vector(`${layer}.bias`)] : [x, weights]
      return node('Conv', layer, from, { kernel_shape: [1, 1, 1] })
    },
    upConvolution: (x, layer) =>
      node('ConvTranspose', layer, [x, filter(layer, 'transposed')], {
        kernel_shape: [2, 2, 2],
        strides: [2, 2, 2],
      }),
    instanceNorm: (x, layer) =>
      node(
        'InstanceNormalization',
        layer,
        [x, vector(`${layer}.scale`), vector(`${layer}.offset`)],
        {
          epsilon: NORM_EPSILON,
        },
      ),
    leakyRelu: (x, layer) => node('LeakyRelu', layer, [x], { alpha: LEAKY_SLOPE }),
    halve: (x, layer) =>
      node('AveragePool', layer, [x], { kernel_shape: [2, 2, 2], strides: [2, 2, 2] }),
    add: (a, b, layer) => node('Add', layer, [a, b]),
    join: (a, b, layer) => node('Concat', layer, [a, b], { axis: 1 }),
    softmax: (x) => node('Softmax', 'classes', [x], { axis: 1 }),
    output: (x, name, classes) => {
      nodes.push({ op: 'Identity', name, inputs: [x], outputs: [name], attributes: new Map() })
      outputs.push({ name, elementType: ELEMENT.float, dims: ['batch', classes, ...SPACE] })
    },
  }
  describeNetwork(sink, exported)

  return writeOnnxModel({
    opset: OPSET,
    producer: 'Gliadesk',
    producerVersion: exported.version,
    graphName: exported.model.name,
    description: `${exported.model.name}. Research use only: not a medical device.`,
    inputs,
    outputs,
    nodes,
    initializers,
    metadata: describeUse(exported, 'NCDHW'),
  })
}
