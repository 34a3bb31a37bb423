import type { PixelFormat } from './dicomInstance.ts'

/** Pixels as the file stores them, before any rescale. */
export type StoredValues =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array

/**
 * Reads pixels from bytes: byte order, then the bits that count (Bits Stored below High Bit), then the sign.
 *
 * @param bytes at least as many as the pixels take
 * @param littleEndian of these bytes; decoders give little endian whatever the file is
 */
export function storedValues(
  bytes: Uint8Array,
  format: PixelFormat,
  littleEndian: boolean,
): StoredValues {
  const { rows, columns, bitsAllocated, bitsStored, highBit, signed } = format
  const count = rows * columns
  const size = bitsAllocated / 8
  const own = new Uint8Array(count * size)
  own.set(bytes.subarray(0, own.length))
  if (!littleEndian) swap(own, size)
  const values = typed(own.buffer, bitsAllocated, signed)
  if (bitsStored === bitsAllocated) return values
  // Left so that the sign bit is on top, then right: cuts what lies above, drops what lies below, extends the sign.
  const up = 31 - highBit
  const down = 32 - bitsStored
  for (let n = 0; n < count; n++) {
    const shifted = values[n] << up
    values[n] = signed ? shifted >> down : shifted >>> down
  }
  return values
}

function typed(buffer: ArrayBuffer, bits: number, signed: boolean): StoredValues {
  if (bits === 8) return signed ? new Int8Array(buffer) : new Uint8Array(buffer)
  if (bits === 16) return signed ? new Int16Array(buffer) : new Uint16Array(buffer)
  return signed ? new Int32Array(buffer) : new Uint32Array(buffer)
}

function swap(bytes: Uint8Array, size: number): void {
  for (let start = 0; start < bytes.length; start += size) {
    bytes.subarray(start, start + size).reverse()
  }
}
