import { sizeOf, type NamedArray } from '../namedArray.ts'
import { LENGTH_BYTES } from './safetensorsFormat.ts'

/** The reference writer pads the header with spaces so that tensors start at a multiple of this. */
const ALIGNMENT = 8

/**
 * Writes float32 tensors in the safetensors format, byte for byte as the reference implementation does:
 * tensors sorted by name, compact JSON, header padded with spaces to 8 bytes.
 *
 * @param metadata free texts; sorted by key
 * @throws RangeError where a tensor's values do not match its shape
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, NamedArray>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const names = [...tensors.keys()].sort(byCodePoints)
  const header: Record<string, unknown> = {}
  const keys = Object.keys(metadata).sort(byCodePoints)
  if (keys.length > 0) {
    header['__metadata__'] = Object.fromEntries(keys.map((key) => [key, metadata[key]]))
  }
  let position = 0
  const parts: Float32Array[] = []
  for (const name of names) {
    const tensor = tensors.get(name)
    if (!tensor) continue
    if (sizeOf(tensor.shape) !== tensor.values.length) {
      throw new RangeError(`tensor ${name}: ${tensor.values.length} values for ${tensor.shape}`)
    }
    const end = position + tensor.values.byteLength
    header[name] = { dtype: 'F32', shape: [...tensor.shape], data_offsets: [position, end] }
    parts.push(tensor.values)
    position = end
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const headerLength = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT
  const file = new Uint8Array(LENGTH_BYTES + headerLength + position)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true)
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength)
  file.set(json, LENGTH_BYTES)
  let start = LENGTH_BYTES + headerLength
  for (const part of parts) {
    file.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), start)
    start += part.byteLength
  }
  return file
}

const byCodePoints = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
