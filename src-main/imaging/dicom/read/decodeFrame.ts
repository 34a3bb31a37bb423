import { Decoder as LosslessDecoder } from 'jpeg-lossless-decoder-js'
import { codestreamSize } from './codestreamSize.ts'
import { decodeRle } from './decodeRle.ts'
import type { PixelSource } from './dicomInstance.ts'
import { dicomProblem } from './dicomProblem.ts'
import { storedValues, type StoredValues } from './storedValues.ts'
import { decodeWithWasm } from './wasmCodecs.ts'

/**
 * Decodes one frame of an instance.
 *
 * @param bytes the frame as the file holds it: native pixels, or one codestream
 * @throws GliadeskError BAD_FILE where the frame is damaged or is not of the size that the header states
 */
export async function decodeFrame(instance: PixelSource, bytes: Uint8Array): Promise<StoredValues> {
  const { pixels: format, content } = instance
  const { rows, columns, bitsAllocated, coding } = format
  const needed = (rows * columns * bitsAllocated) / 8
  const refuse = (problem: string, cause?: unknown): never => {
    throw dicomProblem(content.name, problem, undefined, { cause })
  }
  if (coding === 'native') {
    if (bytes.length < needed) refuse('the pixel data are cut short.')
    return storedValues(bytes, format, format.littleEndian)
  }
  if (coding === 'rle') {
    const pixels = decodeRle(bytes, rows * columns, bitsAllocated / 8)
    return pixels
      ? storedValues(pixels, format, true)
      : refuse('its run-length compressed pixels are damaged.')
  }
  const size = codestreamSize(bytes)
  if (!size) return refuse(`its compressed pixels (${coding}) are damaged.`)
  if (size.width !== columns || size.height !== rows || size.components !== 1) {
    const found = `${size.width} × ${size.height} × ${size.components}`
    refuse(`its compressed pixels are ${found}, but the header states ${columns} × ${rows} × 1.`)
  }
  const decoded = await decodeCodestream(coding, bytes).catch((error: unknown) =>
    refuse(`its compressed pixels (${coding}) are damaged.`, error),
  )
  return storedValues(widened(decoded, needed, rows * columns), format, true)
}

async function decodeCodestream(
  coding: PixelSource['pixels']['coding'],
  codestream: Uint8Array,
): Promise<Uint8Array> {
  if (coding !== 'jpeg-lossless') return (await decodeWithWasm(coding, codestream)).bytes
  const own = new Uint8Array(codestream)
  const pixels = new LosslessDecoder().decode(own.buffer, 0, own.length)
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength)
}

/** Codecs give one byte a pixel up to 8 bits of precision, even where the file allocates two. */
function widened(decoded: Uint8Array, needed: number, count: number): Uint8Array {
  if (decoded.length >= needed || decoded.length < count) return decoded
  const size = needed / count
  const wide = new Uint8Array(needed)
  for (let n = 0; n < count; n++) wide[n * size] = decoded[n]
  return wide
}
