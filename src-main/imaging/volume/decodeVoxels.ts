import type { VoxelType } from '../../contract/volume.ts'
import { createVoxels } from './volume.ts'
import type { Voxels } from './volume.ts'

/** Number types of the file formats that are read, with the bytes one number takes. */
export const STORED_TYPES = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
} as const
export type StoredType = keyof typeof STORED_TYPES

/** How numbers lie in a file: `physical = slope · stored + intercept`. */
export interface StoredNumbers {
  readonly type: StoredType
  readonly littleEndian: boolean
  readonly slope: number
  readonly intercept: number
}

type StoredArray =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array

/**
 * Turns stored bytes into physical values, in the narrowest of the four voxel types that holds every value
 * exactly: integers (after scaling) as uint8, int16 or uint16, everything else as float32. Floating point files
 * stay float32. Values that are not finite become 0, counted in `warnings`.
 *
 * @param bytes exactly the voxels, in the file's byte order; not changed
 */
export function decodeVoxels(
  bytes: Uint8Array,
  encoding: StoredNumbers,
  warnings: string[],
): Voxels {
  const stored = storedArray(bytes, encoding)
  const isScaled = encoding.slope !== 1 || encoding.intercept !== 0
  if (!isScaled) {
    if (
      stored instanceof Uint8Array ||
      stored instanceof Int16Array ||
      stored instanceof Uint16Array
    ) {
      return stored
    }
    if (stored instanceof Float32Array) return withoutNonFinite(stored, warnings)
  }
  const isIntegral =
    !encoding.type.startsWith('float') &&
    Number.isInteger(encoding.slope) &&
    Number.isInteger(encoding.intercept)
  const voxelType = isIntegral ? narrowestType(stored, encoding) : 'float32'
  const voxels = createVoxels(voxelType, stored.length)
  const { slope, intercept } = encoding
  for (let i = 0; i < stored.length; i++) voxels[i] = stored[i] * slope + intercept
  return voxels instanceof Float32Array ? withoutNonFinite(voxels, warnings) : voxels
}

/** The stored numbers on an aligned copy in this machine's (little-endian) byte order. */
function storedArray(bytes: Uint8Array, encoding: StoredNumbers): StoredArray {
  const copy = new Uint8Array(bytes)
  if (!encoding.littleEndian) swapBytes(copy, STORED_TYPES[encoding.type])
  const { buffer } = copy
  switch (encoding.type) {
    case 'int16':
      return new Int16Array(buffer)
    case 'int32':
      return new Int32Array(buffer)
    case 'float32':
      return new Float32Array(buffer)
    case 'float64':
      return new Float64Array(buffer)
    case 'int8':
      return new Int8Array(buffer)
    case 'uint16':
      return new Uint16Array(buffer)
    case 'uint32':
      return new Uint32Array(buffer)
    case 'int64':
      return from64BitIntegers(new Int32Array(buffer), new Uint32Array(buffer))
    case 'uint64':
      return from64BitIntegers(new Uint32Array(buffer), new Uint32Array(buffer))
    case 'uint8':
      return copy
  }
}

/** Upper word · 2³² + lower word as a float64: exact up to 2⁵³, rounded beyond. */
function from64BitIntegers(upper: Int32Array | Uint32Array, lower: Uint32Array): Float64Array {
  const values = new Float64Array(lower.length / 2)
  for (let i = 0; i < values.length; i++) values[i] = upper[2 * i + 1] * 4294967296 + lower[2 * i]
  return values
}

/** Reverses the bytes of every number in place. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  if (width === 1) return
  for (let start = 0; start + width <= bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low++, high--) {
      const held = bytes[low]
      bytes[low] = bytes[high]
      bytes[high] = held
    }
  }
}

function narrowestType(stored: StoredArray, encoding: StoredNumbers): VoxelType {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]
    if (value < low) low = value
    if (value > high) high = value
  }
  const ends = [low, high].map((value) => value * encoding.slope + encoding.intercept)
  const min = Math.min(...ends)
  const max = Math.max(...ends)
  if (min >= 0 && max <= 255) return 'uint8'
  if (min >= -32768 && max <= 32767) return 'int16'
  if (min >= 0 && max <= 65535) return 'uint16'
  return 'float32'
}

function withoutNonFinite(voxels: Float32Array, warnings: string[]): Float32Array {
  let replaced = 0
  const words = new Uint32Array(voxels.buffer, voxels.byteOffset, voxels.length)
  for (let i = 0; i < words.length; i++) {
    if ((words[i] & 0x7f800000) === 0x7f800000) {
      voxels[i] = 0
      replaced++
    }
  }
  if (replaced > 0) {
    const voxelsAre = replaced === 1 ? '1 voxel is' : `${replaced} voxels are`
    warnings.push(`${voxelsAre} not a finite number and read as 0.`)
  }
  return voxels
}
