import type * as NodeZlib from 'node:zlib'
import { Gunzip } from 'fflate'
import { joinBytes } from '../bytes/index.ts'

/** How deflated data is wrapped: as a gzip file, or as a bare zlib stream (MetaImage). */
export type DeflateWrapper = 'gzip' | 'deflate'

/** True where the bytes start like a gzip file. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Deflate cannot shrink further than 1032 : 1; a header that claims more than that is lying. */
export const MAX_DEFLATE_RATIO = 1032

/** Why decompression stopped. `TOO_LARGE`: more came out than the caller allows. */
export class GzipError extends Error {
  readonly reason: 'CORRUPT' | 'TRUNCATED' | 'TOO_LARGE'

  constructor(reason: GzipError['reason'], options?: ErrorOptions) {
    super(`gzip: ${reason}`, options)
    this.name = 'GzipError'
    this.reason = reason
  }
}

/** Bytes of compressed input looked at for the header: also bounds what a peek can inflate. */
const PEEK_INPUT_BYTES = 16 * 1024

/**
 * The first bytes of a gzip file's content, from the first bytes of the file. Never reads further than it
 * must; may return fewer bytes than asked for where the input ends early.
 *
 * @throws GzipError CORRUPT
 */
export function gunzipStart(bytes: Uint8Array, wanted: number): Uint8Array {
  const start = new Uint8Array(wanted)
  let filled = 0
  const gunzip = new Gunzip((chunk) => {
    const part = chunk.subarray(0, wanted - filled)
    start.set(part, filled)
    filled += part.length
  })
  const input = bytes.subarray(0, PEEK_INPUT_BYTES)
  try {
    // Small pushes, so that a bomb stops after the first few hundred bytes.
    for (let position = 0; position < input.length && filled < wanted; position += 512) {
      gunzip.push(input.subarray(position, position + 512), false)
    }
  } catch (cause) {
    if (filled === 0) throw new GzipError('CORRUPT', { cause })
  }
  return start.subarray(0, filled)
}

/**
 * Decompresses a whole gzip file and checks its checksum. Uses zlib on Node's thread pool, the browser's own
 * decompression elsewhere.
 *
 * @param maxBytes most bytes that may come out; nothing larger is ever allocated
 * @throws GzipError
 */
export async function gunzip(
  bytes: Uint8Array,
  maxBytes: number,
  wrapper: DeflateWrapper = 'gzip',
): Promise<Uint8Array> {
  const zlib = nodeZlib()
  if (!zlib) return gunzipWithStreams(bytes, maxBytes, wrapper)
  const decompress = wrapper === 'gzip' ? zlib.gunzip : zlib.inflate
  return new Promise((resolve, reject) => {
    const chunkSize = wrapper === 'gzip' ? announcedBytes(bytes, maxBytes) : LARGE_CHUNK_BYTES
    decompress(bytes, { maxOutputLength: maxBytes, chunkSize }, (error, content) => {
      if (error) reject(zlibError(error))
      else resolve(content)
    })
  })
}

/** Large pieces: each is a handover between zlib's thread and this one. */
const LARGE_CHUNK_BYTES = 256 * 1024

/**
 * What the last four bytes of a gzip file promise, plus one that lets zlib see the end: unpacked in one piece, a volume
 * is neither handed over a thousand times nor joined from a thousand parts. A false promise costs no more than
 * `maxBytes`.
 */
function announcedBytes(bytes: Uint8Array, maxBytes: number): number {
  if (bytes.length < 4) return LARGE_CHUNK_BYTES
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4)
  // zlib asks for 64 bytes at least.
  return Math.max(64, Math.min(trailer.getUint32(0, true) + 1, maxBytes))
}

/** Compresses to one member without a name or a time, so equal content gives equal bytes. */
export async function gzip(
  bytes: Uint8Array,
  level: number,
  wrapper: DeflateWrapper = 'gzip',
): Promise<Uint8Array> {
  const zlib = nodeZlib()
  if (zlib) {
    const compress = wrapper === 'gzip' ? zlib.gzip : zlib.deflate
    return new Promise((resolve, reject) => {
      compress(bytes, { level, chunkSize: LARGE_CHUNK_BYTES }, (error, content) => {
        if (error) reject(error)
        else resolve(content)
      })
    })
  }
  const chunks = await collect(bytes, new CompressionStream(wrapper), Infinity)
  return joinBytes(chunks)
}

async function gunzipWithStreams(
  bytes: Uint8Array,
  maxBytes: number,
  wrapper: DeflateWrapper,
): Promise<Uint8Array> {
  try {
    return joinBytes(await collect(bytes, new DecompressionStream(wrapper), maxBytes))
  } catch (error) {
    if (error instanceof GzipError) throw error
    // Hosts word it differently; Node gives a bare TypeError with the reason as its cause.
    const words = `${error} ${error instanceof Error ? error.cause : ''}`
    const isShort = /unexpected end|truncat|incomplete/i.test(words)
    throw new GzipError(isShort ? 'TRUNCATED' : 'CORRUPT', { cause: error })
  }
}

async function collect(
  bytes: Uint8Array,
  transform: CompressionStream | DecompressionStream,
  maxBytes: number,
): Promise<Uint8Array[]> {
  const writer = transform.writable.getWriter()
  // Failures surface on the reading side; here they only need an owner.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => undefined)
  writer.close().catch(() => undefined)
  const reader = (transform.readable as ReadableStream<Uint8Array>).getReader()
  const chunks: Uint8Array[] = []
  let total = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return chunks
    total += value.length
    if (total > maxBytes) {
      await reader.cancel().catch(() => undefined)
      throw new GzipError('TOO_LARGE')
    }
    chunks.push(value)
  }
}

type Zlib = typeof NodeZlib

/** Node's zlib where this runs in Node; found at run time, so that a browser bundle does not need it. */
function nodeZlib(): Zlib | null {
  const host = (globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } }).process
  return (host?.getBuiltinModule?.('node:zlib') as Zlib | undefined) ?? null
}

function zlibError(error: Error & { code?: string }): GzipError {
  const reason =
    error.code === 'ERR_BUFFER_TOO_LARGE'
      ? 'TOO_LARGE'
      : error.code === 'Z_BUF_ERROR'
        ? 'TRUNCATED'
        : 'CORRUPT'
  return new GzipError(reason, { cause: error })
}
