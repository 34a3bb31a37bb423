import { crc32c } from '../../storage/index.ts'

/** TensorFlow rotates and shifts its checksums, so that a checksum of data that holds checksums stays sound. */
const MASK_DELTA = 0xa282ead8

const masked = (bytes: Uint8Array): number => {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0
}

/**
 * Frames one record of a TFRecord file: length (uint64), masked CRC-32C of it, the bytes, masked CRC-32C of them; all
 * little-endian (tensorflow/core/lib/io/record_writer.h).
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(16 + data.length)
  const view = new DataView(record.buffer)
  view.setBigUint64(0, BigInt(data.length), true)
  view.setUint32(8, masked(record.subarray(0, 8)), true)
  record.set(data, 12)
  view.setUint32(12 + data.length, masked(data), true)
  return record
}
