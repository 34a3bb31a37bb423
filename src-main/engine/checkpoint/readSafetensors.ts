import { z } from 'zod'
import { halfToFloat } from '../halfToFloat.ts'
import type { NamedArray } from '../namedArray.ts'
import {
  badSafetensors,
  BYTES_PER_ELEMENT,
  LENGTH_BYTES,
  MAX_HEADER_BYTES,
  TENSOR_DTYPES,
} from './safetensorsFormat.ts'

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, NamedArray>
  readonly metadata: Readonly<Record<string, string>>
}

const entrySchema = z.strictObject({
  dtype: z.enum(TENSOR_DTYPES),
  shape: z.array(z.int().nonnegative()).max(8),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
})
type Entry = z.infer<typeof entrySchema>

const metadataSchema = z.record(z.string(), z.string())

/**
 * Reads a safetensors file (format of huggingface/safetensors, version 0.x). Everything is checked before a
 * value is used: header length, JSON, types, shapes, and that the tensors tile the data without gap,
 * overlap or rest. Values come out as float32, whatever was stored.
 *
 * @param fileName what errors call the file
 * @throws GliadeskError BAD_FILE naming file, tensor and problem
 */
export function readSafetensors(bytes: Uint8Array, fileName: string): SafetensorsFile {
  const { header, dataStart } = readHeader(bytes, fileName)
  const data = bytes.subarray(dataStart)
  let metadata: Record<string, string> = {}
  const entries: [string, Entry][] = []
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') {
      const parsed = metadataSchema.safeParse(value)
      if (!parsed.success) throw badSafetensors(fileName, 'its metadata are not plain texts.')
      metadata = parsed.data
    } else {
      const parsed = entrySchema.safeParse(value)
      if (!parsed.success) {
        throw badSafetensors(fileName, `the description of tensor "${name}" is malformed.`)
      }
      entries.push([name, parsed.data])
    }
  }
  requireTiling(entries, data.length, fileName)
  const tensors = new Map(
    entries.map(([name, entry]) => [name, { shape: entry.shape, values: decode(data, entry) }]),
  )
  return { tensors, metadata }
}

function readHeader(
  bytes: Uint8Array,
  fileName: string,
): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < LENGTH_BYTES) throw badSafetensors(fileName, 'it is shorter than 8 bytes.')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getBigUint64(0, true)
  if (length > MAX_HEADER_BYTES || LENGTH_BYTES + Number(length) > bytes.length) {
    throw badSafetensors(fileName, `its header claims ${length} bytes, more than the file holds.`)
  }
  const dataStart = LENGTH_BYTES + Number(length)
  let header: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      bytes.subarray(LENGTH_BYTES, dataStart),
    )
    header = JSON.parse(text)
  } catch (cause) {
    throw badSafetensors(fileName, `its header is not JSON (${String(cause)}).`)
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw badSafetensors(fileName, 'its header is not a JSON object.')
  }
  return { header: header as Record<string, unknown>, dataStart }
}

function requireTiling(
  entries: readonly (readonly [string, Entry])[],
  dataLength: number,
  fileName: string,
): void {
  const inOrder = [...entries].sort(
    ([, a], [, b]) =>
      a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  )
  let position = 0
  for (const [name, { dtype, shape, data_offsets: offsets }] of inOrder) {
    const size = shape.reduce((a, b) => a * b, 1) * BYTES_PER_ELEMENT[dtype]
    if (offsets[1] - offsets[0] !== size) {
      throw badSafetensors(
        fileName,
        `tensor "${name}" of shape ${shape.join('×')} needs ${size} bytes, its offsets span ${offsets[1] - offsets[0]}.`,
      )
    }
    if (offsets[0] !== position) {
      throw badSafetensors(fileName, `tensor "${name}" starts at ${offsets[0]}, not ${position}.`)
    }
    position = offsets[1]
  }
  if (position !== dataLength) {
    throw badSafetensors(
      fileName,
      `its tensors take ${position} bytes but ${dataLength} follow the header; it may have been cut off.`,
    )
  }
}

function decode(data: Uint8Array, entry: Entry): Float32Array {
  // A copy: tensors start at any byte, typed arrays only at multiples of their element size. Not by `slice`, which in
  // Node's Buffer shares the memory.
  const own = new Uint8Array(data.subarray(entry.data_offsets[0], entry.data_offsets[1]))
  switch (entry.dtype) {
    case 'F32':
      return new Float32Array(own.buffer)
    case 'F16':
      return Float32Array.from(new Uint16Array(own.buffer), halfToFloat)
    case 'I32':
      return Float32Array.from(new Int32Array(own.buffer))
    case 'U8':
      return Float32Array.from(own)
  }
}
