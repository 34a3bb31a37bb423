import { open } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'

export interface FileAnswer {
  readonly contentType: string
  readonly cacheControl: string
  /** With its quotes, or null. */
  readonly etag: string | null
}

/** Answers a request without a body. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(text)
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}

/**
 * One range of a `Range` header (RFC 9110 §14.2): first and last byte, null for the whole (no header, or several
 * ranges, which a server may ignore), or 'unsatisfiable'.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): { first: number; last: number } | null | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  if (match[1] === '') {
    const length = Math.min(Number(match[2]), size)
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 }
  }
  const first = Number(match[1])
  const last = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1)
  if (match[2] !== '' && Number(match[2]) < first) return null
  return first >= size ? 'unsatisfiable' : { first, last }
}

/** Streams a file with ETag, range and HEAD support. A client that leaves early is not an error. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  answer: FileAnswer,
): Promise<void> {
  const file = await open(path, 'r').catch(() => null)
  if (!file) return sendText(response, 404, 'There is no such file.')
  try {
    const { size } = await file.stat()
    response.setHeader('Cache-Control', answer.cacheControl)
    response.setHeader('Accept-Ranges', 'bytes')
    if (answer.etag) response.setHeader('ETag', answer.etag)
    if (answer.etag && request.headers['if-none-match'] === answer.etag) {
      response.writeHead(304).end()
      return
    }
    const range = parseRange(request.headers.range, size)
    if (range === 'unsatisfiable') {
      response.writeHead(416, { 'Content-Range': `bytes */${size}`, 'Content-Length': 0 }).end()
      return
    }
    const { first, last } = range ?? { first: 0, last: size - 1 }
    if (range) response.setHeader('Content-Range', `bytes ${first}-${last}/${size}`)
    response.writeHead(range ? 206 : 200, {
      'Content-Type': answer.contentType,
      'Content-Length': last - first + 1,
    })
    if (request.method === 'HEAD' || size === 0) {
      response.end()
      return
    }
    await pipeline(file.createReadStream({ start: first, end: last, autoClose: false }), response)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  } finally {
    await file.close()
  }
}
