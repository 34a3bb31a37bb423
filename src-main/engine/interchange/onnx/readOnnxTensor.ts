import { halfToFloat } from '../../halfToFloat.ts'
import {
  floatsOf,
  integersOf,
  ProtobufError,
  protobufFields,
  textOf,
  type ProtobufField,
} from '../protobuf/protobufReader.ts'
import { TENSOR } from './onnxFields.ts'
import { ELEMENT, type OnnxTensor } from './onnxModel.ts'

/** Integers of a network steer shapes; a table of more would be something else, and is kept at eight bytes each. */
const MAX_INTEGERS = 1_000_000
const MAX_RANK = 8

interface Stored {
  readonly bytesEach: number
  readonly isInteger: boolean
  read(view: DataView, at: number): number
}

const STORED: Partial<Record<number, Stored>> = {
  [ELEMENT.float]: float(4, (view, at) => view.getFloat32(at, true)),
  [ELEMENT.double]: float(8, (view, at) => view.getFloat64(at, true)),
  [ELEMENT.float16]: float(2, (view, at) => halfToFloat(view.getUint16(at, true))),
  [ELEMENT.int64]: integer(8, (view, at) => Number(view.getBigInt64(at, true))),
  [ELEMENT.int32]: integer(4, (view, at) => view.getInt32(at, true)),
  [ELEMENT.uint8]: integer(1, (view, at) => view.getUint8(at)),
  [ELEMENT.int8]: integer(1, (view, at) => view.getInt8(at)),
  [ELEMENT.bool]: integer(1, (view, at) => (view.getUint8(at) === 0 ? 0 : 1)),
}

function float(bytesEach: number, read: Stored['read']): Stored {
  return { bytesEach, isInteger: false, read }
}

function integer(bytesEach: number, read: Stored['read']): Stored {
  return { bytesEach, isInteger: true, read }
}

/**
 * Reads a TensorProto. Its shape has to match the data that are there.
 *
 * @throws ProtobufError for data outside of the file, an element type that is not read, or a size that does not match
 */
export function readOnnxTensor(bytes: Uint8Array): { name: string; tensor: OnnxTensor } {
  let name = ''
  let type = 0
  let raw: Uint8Array | null = null
  const dims: number[] = []
  const lists: ProtobufField[] = []
  for (const field of protobufFields(bytes)) {
    if (field.field === TENSOR.name) name = textOf(field)
    else if (field.field === TENSOR.type) type = field.integer
    else if (field.field === TENSOR.raw) raw = field.bytes
    else if (field.field === TENSOR.dims) dims.push(...integersOf(field))
    else if (field.field === TENSOR.location && field.integer !== 0) {
      throw new ProtobufError(`the data of its tensor "${name}" lie in another file`)
    } else if (LISTS.has(field.field)) lists.push(field)
  }
  const stored = STORED[type]
  if (!stored)
    throw new ProtobufError(`its tensor "${name}" has an element type (${type}) that is not read`)
  if (dims.length > MAX_RANK || dims.some((extent) => !(extent >= 0))) {
    throw new ProtobufError(`its tensor "${name}" has the shape ${dims.join('×')}`)
  }
  const size = dims.reduce((product, extent) => product * extent, 1)
  const values = raw ? readRaw(raw, stored, size, name) : readLists(lists, type)
  if (values.length !== size) {
    throw new ProtobufError(
      `its tensor "${name}" of shape ${dims.join('×')} holds ${values.length} values`,
    )
  }
  if (stored.isInteger && values.length > MAX_INTEGERS) {
    throw new ProtobufError(`its tensor "${name}" holds ${values.length} integers`)
  }
  const { isInteger } = stored
  return { name, tensor: { dims, isInteger, values: exactly(values, isInteger) } }
}

/** As the kind of array that a tensor is held in; nothing is copied where it is one already. */
function exactly(
  values: Float32Array | Float64Array | readonly number[],
  isInteger: boolean,
): Float32Array | Float64Array {
  if (isInteger) return values instanceof Float64Array ? values : new Float64Array(values)
  return values instanceof Float32Array ? values : new Float32Array(values)
}

/** Whether numbers lie in this computer's memory as they lie in the file, so that they can be copied at once. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

const LISTS: ReadonlySet<number> = new Set([
  TENSOR.floats,
  TENSOR.int32s,
  TENSOR.int64s,
  TENSOR.doubles,
])

function readRaw(
  raw: Uint8Array,
  stored: Stored,
  size: number,
  name: string,
): Float32Array | Float64Array {
  if (raw.length !== size * stored.bytesEach) {
    throw new ProtobufError(
      `its tensor "${name}" needs ${size * stored.bytesEach} bytes and has ${raw.length}`,
    )
  }
  if (stored === STORED[ELEMENT.float] && IS_LITTLE_ENDIAN) {
    // Not by `slice`, which in Node's Buffer shares the memory.
    return new Float32Array(new Uint8Array(raw).buffer)
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const values = stored.isInteger ? new Float64Array(size) : new Float32Array(size)
  for (let i = 0; i < size; i++) values[i] = stored.read(view, i * stored.bytesEach)
  return values
}

/** Values in the field of their own kind; half precision lies as bits among the 32-bit integers. */
function readLists(lists: readonly ProtobufField[], type: number): number[] {
  const values: number[] = []
  for (const list of lists) {
    if (list.field === TENSOR.floats) for (const value of floatsOf(list)) values.push(value)
    else if (list.field === TENSOR.doubles) {
      const { bytes } = list
      if (bytes.length % 8 !== 0) throw new ProtobufError('numbers that are cut off')
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (let at = 0; at < bytes.length; at += 8) values.push(view.getFloat64(at, true))
    } else {
      for (const value of integersOf(list)) {
        values.push(type === ELEMENT.float16 ? halfToFloat(value) : value)
      }
    }
  }
  return values
}
