/**
 * Decodes one RLE frame (PS3.5 annex G): a header of up to 15 segment offsets, one PackBits segment a byte plane, the
 * most significant plane first.
 *
 * @param bytesPerPixel number of segments there must be
 * @returns little-endian pixels, or null where the frame is damaged or too short
 */
export function decodeRle(
  frame: Uint8Array,
  pixelCount: number,
  bytesPerPixel: number,
): Uint8Array | null {
  if (frame.length < 64) return null
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (view.getUint32(0, true) !== bytesPerPixel) return null
  const pixels = new Uint8Array(pixelCount * bytesPerPixel)
  for (let segment = 0; segment < bytesPerPixel; segment++) {
    const start = view.getUint32(4 + 4 * segment, true)
    const isLast = segment === bytesPerPixel - 1
    const end = isLast ? frame.length : view.getUint32(8 + 4 * segment, true)
    if (start < 64 || end > frame.length || start > end) return null
    const plane = bytesPerPixel - 1 - segment
    if (!unpack(frame, start, end, pixels, plane, bytesPerPixel)) return null
  }
  return pixels
}

function unpack(
  frame: Uint8Array,
  start: number,
  end: number,
  pixels: Uint8Array,
  first: number,
  stride: number,
): boolean {
  let from = start
  let to = first
  while (from < end && to < pixels.length) {
    const code = frame[from++]
    if (code === 128) continue
    if (code < 128) {
      const count = code + 1
      if (from + count > end) return false
      for (let n = 0; n < count && to < pixels.length; n++, to += stride)
        pixels[to] = frame[from + n]
      from += count
    } else {
      if (from >= end) return false
      const value = frame[from++]
      for (let n = 257 - code; n > 0 && to < pixels.length; n--, to += stride) pixels[to] = value
    }
  }
  return to >= pixels.length
}
