import {
  floatsOf,
  integersOf,
  ProtobufError,
  protobufFields,
  textOf,
} from '../protobuf/protobufReader.ts'
import { ATTRIBUTE } from './onnxFields.ts'
import type { OnnxAttribute } from './onnxModel.ts'
import { readOnnxTensor } from './readOnnxTensor.ts'

/** @throws ProtobufError for a subgraph (loops and branches), or an attribute without name or value */
export function readOnnxAttribute(bytes: Uint8Array): [string, OnnxAttribute] {
  let name = ''
  let value: OnnxAttribute | null = null
  let type = 0
  const numbers: number[] = []
  const texts: string[] = []
  for (const field of protobufFields(bytes)) {
    if (field.field === ATTRIBUTE.name) name = textOf(field)
    else if (field.field === ATTRIBUTE.type) type = field.integer
    else if (field.field === ATTRIBUTE.float) value = floatsOf(field)[0] ?? 0
    else if (field.field === ATTRIBUTE.integer) value = field.integer
    else if (field.field === ATTRIBUTE.text) value = textOf(field)
    else if (field.field === ATTRIBUTE.tensor) value = readOnnxTensor(field.bytes).tensor
    else if (field.field === ATTRIBUTE.floats) numbers.push(...floatsOf(field))
    else if (field.field === ATTRIBUTE.integers) numbers.push(...integersOf(field))
    else if (field.field === ATTRIBUTE.texts) texts.push(textOf(field))
    else if (field.field === ATTRIBUTE.graph) throw new ProtobufError('it has loops or branches')
  }
  if (name === '') throw new ProtobufError('an attribute has no name')
  if (value !== null) return [name, value]
  if (texts.length > 0) return [name, texts]
  return [name, emptyOf(type) ?? numbers]
}

/** Writers leave out a value that is zero or empty: its type tells what it was. */
function emptyOf(type: number): OnnxAttribute | null {
  if (type === 1 || type === 2) return 0
  return type === 3 ? '' : null
}
