/** One scalar of a step. */
export interface Scalar {
  readonly tag: string
  readonly value: number
}

/** What an event of a `tfevents` file says: the version of the format, or the scalars of a step. */
export type EventContent =
  { readonly fileVersion: string } | { readonly step: number; readonly scalars: readonly Scalar[] }

const DOUBLE = 1
const BYTES = 2
const FLOAT = 5

function varint(value: number): number[] {
  const bytes = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  return [...bytes, rest]
}

const field = (number: number, wireType: number): number => (number << 3) | wireType

const delimited = (number: number, bytes: readonly number[]): number[] => [
  field(number, BYTES),
  ...varint(bytes.length),
  ...bytes,
]

const text = (value: string): number[] => [...new TextEncoder().encode(value)]

function double(number: number, value: number): number[] {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value, true)
  return [field(number, DOUBLE), ...bytes]
}

function float(number: number, value: number): number[] {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setFloat32(0, value, true)
  return [field(number, FLOAT), ...bytes]
}

/**
 * A protobuf `Event` (tensorflow/core/util/event.proto): wall_time = 1, step = 2, file_version = 3, summary = 5 with
 * values = 1 of tag = 1 and simple_value = 2.
 *
 * @param wallTime seconds since 1970
 */
export function eventMessage(wallTime: number, content: EventContent): Uint8Array {
  const time = double(1, wallTime)
  if ('fileVersion' in content) {
    return Uint8Array.from([...time, ...delimited(3, text(content.fileVersion))])
  }
  const values = content.scalars.flatMap(({ tag, value }) =>
    delimited(1, [...delimited(1, text(tag)), ...float(2, value)]),
  )
  return Uint8Array.from([...time, field(2, 0), ...varint(content.step), ...delimited(5, values)])
}
