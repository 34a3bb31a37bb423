import { WIRE } from './protobufWriter.ts'

/** One field of a message. `number` is set for varints and fixed32/64 as raw bits, `bytes` for the rest. */
export interface ProtobufField {
  readonly field: number
  readonly wire: number
  /** A varint as a signed 64-bit integer; exact up to 2⁵³, rounded beyond. */
  readonly integer: number
  /** Of a length-delimited or fixed field, a view into the message; empty for varints. */
  readonly bytes: Uint8Array
}

/** A message that breaks the encoding; the reader of the file turns it into a sentence. */
export class ProtobufError extends Error {}

const NOTHING = new Uint8Array(0)

/**
 * The fields of a Protocol Buffers message in file order. Reads forward only and never allocates what a length claims:
 * contents are views. A message of n bytes has at most n/2 fields.
 *
 * @throws ProtobufError where a field runs over the end or has a wire type that does not exist
 */
export function* protobufFields(message: Uint8Array): Generator<ProtobufField> {
  const at = { position: 0 }
  while (at.position < message.length) {
    const key = readVarint(message, at)
    const field = Math.floor(key / 8)
    const wire = key % 8
    if (key < 8 || field > 536_870_911) throw new ProtobufError(`field number ${field}`)
    if (wire === WIRE.varint) {
      yield { field, wire, integer: readVarint(message, at), bytes: NOTHING }
      continue
    }
    const length = lengthOf(message, at, wire)
    const end = at.position + length
    if (length < 0 || end > message.length) {
      throw new ProtobufError(`field ${field} claims ${length} bytes, more than are there`)
    }
    yield { field, wire, integer: 0, bytes: message.subarray(at.position, end) }
    at.position = end
  }
}

function lengthOf(message: Uint8Array, at: { position: number }, wire: number): number {
  switch (wire) {
    case WIRE.bytes:
      return readVarint(message, at)
    case WIRE.fixed64:
      return 8
    case WIRE.fixed32:
      return 4
    default:
      throw new ProtobufError(`wire type ${wire}`)
  }
}

/** Integers of a repeated field: one, or many packed. */
export function integersOf({ wire, integer, bytes }: ProtobufField): number[] {
  if (wire === WIRE.varint) return [integer]
  const at = { position: 0 }
  const values: number[] = []
  while (at.position < bytes.length) values.push(readVarint(bytes, at))
  return values
}

/** 32-bit floats of a repeated field: one, or many packed. @throws ProtobufError */
export function floatsOf({ bytes }: ProtobufField): Float32Array {
  if (bytes.length % 4 !== 0) throw new ProtobufError('floats that are cut off')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
}

/** @throws ProtobufError where the bytes are not UTF-8 */
export function textOf({ bytes }: ProtobufField): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ProtobufError('a text that is not UTF-8')
  }
}

function readVarint(bytes: Uint8Array, at: { position: number }): number {
  let low = 0
  let high = 0
  for (let shift = 0; shift < 70; shift += 7) {
    if (at.position >= bytes.length) throw new ProtobufError('it ends inside of a number')
    const byte = bytes[at.position++]
    const seven = byte & 127
    if (shift < 28) low += seven * 2 ** shift
    else if (shift === 28) {
      low += (seven & 15) * 2 ** 28
      high += seven >> 4
    } else high += seven * 2 ** (shift - 32)
    if (byte < 128) return signed(low, high % 2 ** 32)
  }
  throw new ProtobufError('a number of more than ten bytes')
}

const signed = (low: number, high: number): number =>
  (high >= 2 ** 31 ? high - 2 ** 32 : high) * 2 ** 32 + low
