import { GliadeskError } from '../../../contract/index.ts'
import {
  integersOf,
  ProtobufError,
  protobufFields,
  textOf,
  type ProtobufField,
} from '../protobuf/protobufReader.ts'
import {
  DIM,
  ENTRY,
  GRAPH,
  MODEL,
  NODE,
  OPSET,
  SHAPE,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from './onnxFields.ts'
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './onnxModel.ts'
import { readOnnxAttribute } from './readOnnxAttribute.ts'
import { readOnnxTensor } from './readOnnxTensor.ts'

/** Many times what a 3D segmentation network has; a file beyond is refused before its graph is built. */
const MAX_NODES = 20_000

/** Below 11 operators had other definitions; what is newer than the last is refused too. */
const OPSETS = { first: 11, last: 24 }

/**
 * Reads an ONNX file. Everything is checked before it is used: the encoding, names, sizes of tensors against their
 * data, the version of the operators, and that every node reads only what stands before it. Memory grows with the
 * file's real length, never with a length that it claims.
 *
 * @param fileName what errors call the file
 * @throws GliadeskError BAD_FILE naming the file and the problem
 */
export function readOnnxModel(bytes: Uint8Array, fileName: string): OnnxModel {
  try {
    const model = readModel(bytes)
    requireOrder(model)
    return model
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error
    throw new GliadeskError(
      'BAD_FILE',
      `${fileName} is not an ONNX model that can be used: ${error.message}.`,
      'Export the network again, with its weights inside of the file and operator set 11 to 24.',
      { cause: error },
    )
  }
}

function readModel(bytes: Uint8Array): OnnxModel {
  let opset = 0
  let producer = ''
  let producerVersion = ''
  let description = ''
  let graph: Graph | null = null
  const metadata: Record<string, string> = {}
  for (const field of protobufFields(bytes)) {
    if (field.field === MODEL.graph) graph = readGraph(field.bytes)
    else if (field.field === MODEL.producer) producer = textOf(field)
    else if (field.field === MODEL.producerVersion) producerVersion = textOf(field)
    else if (field.field === MODEL.description) description = textOf(field)
    else if (field.field === MODEL.opset) {
      const { domain, version } = readOpset(field.bytes)
      if (domain === '' || domain === 'ai.onnx') opset = version
    } else if (field.field === MODEL.metadata) {
      const [key, value] = readEntry(field.bytes)
      // Own property only: a key of "__proto__" must not change the record.
      Object.defineProperty(metadata, key, { value, enumerable: true, configurable: true })
    }
  }
  if (graph === null) throw new ProtobufError('it holds no graph')
  if (opset < OPSETS.first || opset > OPSETS.last) {
    throw new ProtobufError(
      `it uses operator set ${opset}, and sets ${OPSETS.first} to ${OPSETS.last} are understood`,
    )
  }
  return { ...graph, opset, producer, producerVersion, description, metadata }
}

type Graph = Pick<OnnxModel, 'graphName' | 'inputs' | 'outputs' | 'nodes' | 'initializers'>

function readGraph(bytes: Uint8Array): Graph {
  let graphName = ''
  const nodes: OnnxNode[] = []
  const inputs: OnnxValue[] = []
  const outputs: OnnxValue[] = []
  const initializers = new Map<string, OnnxTensor>()
  for (const field of protobufFields(bytes)) {
    if (field.field === GRAPH.name) graphName = textOf(field)
    else if (field.field === GRAPH.node) {
      if (nodes.length === MAX_NODES) throw new ProtobufError(`it has over ${MAX_NODES} nodes`)
      nodes.push(readNode(field.bytes))
    } else if (field.field === GRAPH.input) inputs.push(readValue(field.bytes))
    else if (field.field === GRAPH.output) outputs.push(readValue(field.bytes))
    else if (field.field === GRAPH.initializer) {
      const { name, tensor } = readOnnxTensor(field.bytes)
      if (initializers.has(name)) throw new ProtobufError(`tensor "${name}" is there twice`)
      initializers.set(name, tensor)
    }
  }
  // Older files list their weights among the inputs.
  const asked = inputs.filter(({ name }) => !initializers.has(name))
  return { graphName, nodes, inputs: asked, outputs, initializers }
}

function readNode(bytes: Uint8Array): OnnxNode {
  const inputs: string[] = []
  const outputs: string[] = []
  const attributes = new Map<string, OnnxAttribute>()
  let [name, op, domain] = ['', '', '']
  for (const field of protobufFields(bytes)) {
    if (field.field === NODE.input) inputs.push(textOf(field))
    else if (field.field === NODE.output) outputs.push(textOf(field))
    else if (field.field === NODE.name) name = textOf(field)
    else if (field.field === NODE.op) op = textOf(field)
    else if (field.field === NODE.domain) domain = textOf(field)
    else if (field.field === NODE.attribute) attributes.set(...readOnnxAttribute(field.bytes))
  }
  if (domain !== '' && domain !== 'ai.onnx') {
    throw new ProtobufError(`its node "${name}" uses an operator of the domain "${domain}"`)
  }
  return { op, name: name || outputs[0] || op, inputs, outputs, attributes }
}

function readValue(bytes: Uint8Array): OnnxValue {
  let name = ''
  let elementType = 0
  const dims: (number | string)[] = []
  const shape = (message: Uint8Array): void => {
    for (const { bytes: dim } of only(message, SHAPE.dim)) {
      const [extent] = only(dim, DIM.value)
      const [param] = only(dim, DIM.param)
      dims.push(extent && extent.integer > 0 ? extent.integer : param ? textOf(param) : '')
    }
  }
  for (const field of protobufFields(bytes)) {
    if (field.field === VALUE.name) name = textOf(field)
    if (field.field !== VALUE.type) continue
    for (const { bytes: tensor } of only(field.bytes, TYPE.tensor)) {
      for (const part of protobufFields(tensor)) {
        if (part.field === TENSOR_TYPE.element) elementType = part.integer
        if (part.field === TENSOR_TYPE.shape) shape(part.bytes)
      }
    }
  }
  return { name, elementType, dims }
}

const only = (message: Uint8Array, wanted: number): ProtobufField[] =>
  [...protobufFields(message)].filter(({ field }) => field === wanted)

function readOpset(bytes: Uint8Array): { domain: string; version: number } {
  const [domain] = only(bytes, OPSET.domain)
  const [version] = only(bytes, OPSET.version)
  return {
    domain: domain ? textOf(domain) : '',
    version: version ? (integersOf(version)[0] ?? 0) : 0,
  }
}

function readEntry(bytes: Uint8Array): [string, string] {
  const [key] = only(bytes, ENTRY.key)
  const [value] = only(bytes, ENTRY.value)
  return [key ? textOf(key) : '', value ? textOf(value) : '']
}

/** ONNX wants nodes in an order in which they can be computed, and every value made once. */
function requireOrder({ nodes, inputs, outputs, initializers }: OnnxModel): void {
  const known = new Set([...initializers.keys(), ...inputs.map(({ name }) => name)])
  for (const { name, inputs: from, outputs: to } of nodes) {
    const missing = from.find((value) => value !== '' && !known.has(value))
    if (missing !== undefined) {
      throw new ProtobufError(
        `its node "${name}" reads "${missing}", which nothing before it makes`,
      )
    }
    for (const value of to) {
      if (value === '') continue
      if (known.has(value)) throw new ProtobufError(`its value "${value}" is made twice`)
      known.add(value)
    }
  }
  const absent = outputs.find(({ name }) => !known.has(name))
  if (absent) throw new ProtobufError(`nothing makes its output "${absent.name}"`)
}
