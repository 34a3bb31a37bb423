import { joinBytes } from '../../../imaging/bytes/index.ts'

/** Wire types of Protocol Buffers that ONNX uses. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/** A message being built: fields in the order in which they are added. */
export interface ProtobufWriter {
  /** Integers from −2⁶³; a negative one takes ten bytes, as in every implementation. */
  integer(field: number, value: number): void
  float(field: number, value: number): void
  text(field: number, value: string): void
  bytes(field: number, value: Uint8Array): void
  message(field: number, build: (writer: ProtobufWriter) => void): void
  /** Everything so far; the parts are copied once. */
  finish(): Uint8Array
}

/** Writes one Protocol Buffers message (encoding: protobuf.dev/programming-guides/encoding). */
export function protobufWriter(): ProtobufWriter {
  const parts: Uint8Array[] = []
  const key = (field: number, wire: number): void => {
    parts.push(encodeVarint(BigInt(field * 8 + wire)))
  }
  const writer: ProtobufWriter = {
    integer: (field, value) => {
      key(field, WIRE.varint)
      parts.push(encodeVarint(BigInt(value)))
    },
    float: (field, value) => {
      key(field, WIRE.fixed32)
      parts.push(encodeFloat(value))
    },
    text: (field, value) => writer.bytes(field, new TextEncoder().encode(value)),
    bytes: (field, value) => {
      key(field, WIRE.bytes)
      parts.push(encodeVarint(BigInt(value.length)), value)
    },
    message: (field, build) => {
      const nested = protobufWriter()
      build(nested)
      writer.bytes(field, nested.finish())
    },
    finish: () => joinBytes(parts),
  }
  return writer
}

function encodeVarint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

function encodeFloat(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setFloat32(0, value, true)
  return bytes
}
