import { Inflate } from 'fflate'
import { joinBytes } from '../../bytes/index.ts'

/** The deflated stream is damaged, cut short, or holds more than allowed. */
export class InflateError extends Error {
  readonly reason: 'CORRUPT' | 'TRUNCATED' | 'TOO_LARGE'

  constructor(reason: 'CORRUPT' | 'TRUNCATED' | 'TOO_LARGE', options?: ErrorOptions) {
    super(reason, options)
    this.reason = reason
  }
}

/** Input taken at a time, so that a bomb is stopped after at most a thousand times this much. */
const CHUNK_BYTES = 4096

/**
 * Inflates the data set of a deflated file (raw deflate, PS3.5 A.5).
 *
 * @param maxBytes most bytes that may come out
 * @throws InflateError
 */
export function inflateDataSet(deflated: Uint8Array, maxBytes: number): Uint8Array {
  const chunks: Uint8Array[] = []
  let total = 0
  let isComplete = false
  const inflate = new Inflate((chunk, final) => {
    chunks.push(chunk)
    total += chunk.length
    isComplete ||= final
  })
  try {
    for (let position = 0; position < deflated.length && !isComplete; position += CHUNK_BYTES) {
      const end = Math.min(position + CHUNK_BYTES, deflated.length)
      inflate.push(deflated.subarray(position, end), end === deflated.length)
      if (total > maxBytes) throw new InflateError('TOO_LARGE')
    }
  } catch (cause) {
    if (cause instanceof InflateError) throw cause
    const isShort = cause instanceof Error && /unexpected EOF/.test(cause.message)
    throw new InflateError(isShort ? 'TRUNCATED' : 'CORRUPT', { cause })
  }
  return joinBytes(chunks)
}
