import type { PixelCoding } from './transferSyntax.ts'

type DecoderClass = new () => WasmDecoder

const QUIET = { print: () => undefined, printErr: () => undefined }

/** Loaded at first use: most series are not compressed. */
const LOADERS: Partial<Record<PixelCoding, () => Promise<DecoderClass>>> = {
  'jpeg-2000': async () =>
    (await (await import('@cornerstonejs/codec-openjpeg/decodewasmjs')).default(QUIET)).J2KDecoder,
  htj2k: async () =>
    (await (await import('@cornerstonejs/codec-openjph/wasmjs')).default(QUIET)).HTJ2KDecoder,
  'jpeg-ls': async () =>
    (await (await import('@cornerstonejs/codec-charls/decodewasmjs')).default(QUIET)).JpegLSDecoder,
  'jpeg-baseline': async () =>
    (await (await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs')).default(QUIET))
      .JPEGDecoder,
}
const loaded = new Map<PixelCoding, Promise<DecoderClass>>()

/**
 * Decodes one frame with a WebAssembly codec.
 *
 * @returns the pixels' bytes, little endian, in memory of their own
 * @throws whatever the codec throws: numbers, strings, errors
 */
export async function decodeWithWasm(
  coding: PixelCoding,
  codestream: Uint8Array,
): Promise<{ bytes: Uint8Array; info: FrameInfo }> {
  const load = LOADERS[coding]
  if (!load) throw new RangeError(`No WebAssembly codec decodes ${coding}`)
  const pending = loaded.get(coding) ?? load()
  loaded.set(coding, pending)
  const Decoder = await pending
  const decoder = new Decoder()
  try {
    decoder.getEncodedBuffer(codestream.length).set(codestream)
    decoder.decode()
    return { bytes: decoder.getDecodedBuffer().slice(), info: decoder.getFrameInfo() }
  } catch (error) {
    // An aborted module is of no more use: the next frame gets a new one.
    loaded.delete(coding)
    throw error
  } finally {
    decoder.delete()
  }
}
