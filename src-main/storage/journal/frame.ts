import { crc32c } from './crc32c.ts'

/** Bytes before a payload: length, crc32c, sequence; each an unsigned 32-bit little-endian number. */
export const FRAME_HEADER_BYTES = 12

export interface JournalRecord {
  /** Position in the journal, from 0. */
  readonly sequence: number
  readonly payload: Uint8Array
}

/** `length | crc32c | sequence | payload`; the checksum covers sequence and payload. */
export function encodeFrame({ sequence, payload }: JournalRecord): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + payload.length)
  const view = new DataView(frame.buffer)
  view.setUint32(0, payload.length, true)
  view.setUint32(8, sequence, true)
  frame.set(payload, FRAME_HEADER_BYTES)
  view.setUint32(4, crc32c(frame.subarray(8)), true)
  return frame
}

/**
 * Reads frames until the bytes end or one does not hold (short, wrong checksum, wrong sequence).
 *
 * @returns the sound records and how many bytes they take; anything after those is a torn tail
 */
export function decodeFrames(bytes: Uint8Array): { records: JournalRecord[]; soundBytes: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records: JournalRecord[] = []
  let offset = 0
  while (offset + FRAME_HEADER_BYTES <= bytes.length) {
    const end = offset + FRAME_HEADER_BYTES + view.getUint32(offset, true)
    if (end > bytes.length) break
    if (crc32c(bytes.subarray(offset + 8, end)) !== view.getUint32(offset + 4, true)) break
    const sequence = view.getUint32(offset + 8, true)
    if (sequence !== records.length) break
    records.push({ sequence, payload: bytes.slice(offset + FRAME_HEADER_BYTES, end) })
    offset = end
  }
  return { records, soundBytes: offset }
}
