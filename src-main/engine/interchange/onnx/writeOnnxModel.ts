import { protobufWriter, type ProtobufWriter } from '../protobuf/protobufWriter.ts'
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DIM,
  ENTRY,
  GRAPH,
  MODEL,
  NODE,
  OPSET,
  SHAPE,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from './onnxFields.ts'
import {
  ELEMENT,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './onnxModel.ts'

/** The file format version that belongs to operator set 17; every runtime since 2022 reads it. */
const IR_VERSION = 8

/**
 * Serialises a model as an ONNX file (ModelProto). Tensors are stored raw, little-endian: float32, or int64 where
 * they are integers. The same model gives the same bytes.
 */
export function writeOnnxModel(model: OnnxModel): Uint8Array {
  const file = protobufWriter()
  file.integer(MODEL.irVersion, IR_VERSION)
  file.text(MODEL.producer, model.producer)
  file.text(MODEL.producerVersion, model.producerVersion)
  file.text(MODEL.description, model.description)
  file.message(MODEL.graph, (graph) => {
    for (const node of model.nodes) graph.message(GRAPH.node, (at) => writeNode(at, node))
    graph.text(GRAPH.name, model.graphName)
    for (const [name, tensor] of model.initializers) {
      graph.message(GRAPH.initializer, (at) => writeTensor(at, name, tensor))
    }
    for (const value of model.inputs) graph.message(GRAPH.input, (at) => writeValue(at, value))
    for (const value of model.outputs) graph.message(GRAPH.output, (at) => writeValue(at, value))
  })
  file.message(MODEL.opset, (opset) => {
    opset.text(OPSET.domain, '')
    opset.integer(OPSET.version, model.opset)
  })
  for (const key of Object.keys(model.metadata).sort()) {
    file.message(MODEL.metadata, (entry) => {
      entry.text(ENTRY.key, key)
      entry.text(ENTRY.value, model.metadata[key])
    })
  }
  return file.finish()
}

function writeNode(writer: ProtobufWriter, node: OnnxNode): void {
  for (const input of node.inputs) writer.text(NODE.input, input)
  for (const output of node.outputs) writer.text(NODE.output, output)
  writer.text(NODE.name, node.name)
  writer.text(NODE.op, node.op)
  for (const [name, value] of node.attributes) {
    writer.message(NODE.attribute, (at) => writeAttribute(at, name, value))
  }
}

/** Attributes of our own graphs: whole numbers are integers, except those that the operator defines as floats. */
const FLOAT_ATTRIBUTES = new Set(['alpha', 'epsilon'])

function writeAttribute(writer: ProtobufWriter, name: string, value: OnnxAttribute): void {
  writer.text(ATTRIBUTE.name, name)
  if (typeof value === 'string') {
    writer.text(ATTRIBUTE.text, value)
    writer.integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.text)
  } else if (typeof value === 'number' && FLOAT_ATTRIBUTES.has(name)) {
    writer.float(ATTRIBUTE.float, value)
    writer.integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.float)
  } else if (typeof value === 'number') {
    writer.integer(ATTRIBUTE.integer, value)
    writer.integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.integer)
  } else if (Array.isArray(value) && value.every((item) => typeof item === 'number')) {
    for (const item of value) writer.integer(ATTRIBUTE.integers, item)
    writer.integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.integers)
  } else {
    throw new RangeError(`attribute ${name} has a kind of value that is not written`)
  }
}

function writeTensor(writer: ProtobufWriter, name: string, tensor: OnnxTensor): void {
  for (const extent of tensor.dims) writer.integer(TENSOR.dims, extent)
  writer.integer(TENSOR.type, tensor.isInteger ? ELEMENT.int64 : ELEMENT.float)
  writer.text(TENSOR.name, name)
  const width = tensor.isInteger ? 8 : 4
  const raw = new DataView(new ArrayBuffer(tensor.values.length * width))
  tensor.values.forEach((value, i) => {
    if (tensor.isInteger) raw.setBigInt64(i * width, BigInt(value), true)
    else raw.setFloat32(i * width, value, true)
  })
  writer.bytes(TENSOR.raw, new Uint8Array(raw.buffer))
}

function writeValue(writer: ProtobufWriter, value: OnnxValue): void {
  writer.text(VALUE.name, value.name)
  writer.message(VALUE.type, (type) =>
    type.message(TYPE.tensor, (tensor) => {
      tensor.integer(TENSOR_TYPE.element, value.elementType)
      tensor.message(TENSOR_TYPE.shape, (shape) => {
        for (const dim of value.dims) {
          shape.message(SHAPE.dim, (at) => {
            if (typeof dim === 'number') at.integer(DIM.value, dim)
            else at.text(DIM.param, dim)
          })
        }
      })
    }),
  )
}
