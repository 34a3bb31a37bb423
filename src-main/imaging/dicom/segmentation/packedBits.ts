/**
 * Pixels of one frame of a BINARY segmentation. Frames follow each other bit by bit, the least significant bit of a byte
 * first, so that a frame may begin in the middle of a byte (PS3.5 8.1.1).
 *
 * @param bytes from the byte on in which the frame begins
 * @param firstBit where it begins in that byte, 0 to 7
 * @param count pixels a frame
 * @returns 0 or 1 for every pixel
 */
export function unpackBits(bytes: Uint8Array, firstBit: number, count: number): Uint8Array {
  const pixels = new Uint8Array(count)
  for (let n = 0; n < count; n++) {
    const bit = firstBit + n
    pixels[n] = (bytes[bit >>> 3] >>> (bit & 7)) & 1
  }
  return pixels
}

/**
 * The reverse: frames packed without a gap, the end padded with zero bits to an even number of bytes.
 *
 * @param frames every one of the same length; any value but 0 counts as inside
 */
export function packBits(frames: readonly Uint8Array[]): Uint8Array {
  const count = frames.reduce((sum, frame) => sum + frame.length, 0)
  const bytes = new Uint8Array(2 * Math.ceil(count / 16))
  let bit = 0
  for (const frame of frames) {
    for (const pixel of frame) {
      if (pixel !== 0) bytes[Math.floor(bit / 8)] |= 1 << (bit % 8)
      bit++
    }
  }
  return bytes
}
