import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'

/** Headers that belong to one connection and must not be passed on (RFC 9110 §7.6.1). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host'])

function responseHeaders(message: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) {
    if (value === undefined || HOP_BY_HOP.has(name)) continue
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one)
  }
  return headers
}

/** Fetch responses with these codes may not have a body. */
const BODILESS = new Set([101, 204, 205, 304])

/**
 * Forwards one `app://gliadesk/…` request to the core over its Unix socket or named pipe and streams the
 * answer back. Where the core cannot be reached the answer is a 503 that says so.
 *
 * @param socketPath the core's Unix socket, or `\\.\pipe\…` on Windows
 */
export async function forwardToCore(request: Request, socketPath: string): Promise<Response> {
  const url = new URL(request.url)
  const headers = Object.fromEntries([...request.headers].filter(([name]) => !HOP_BY_HOP.has(name)))
  const body = request.body === null ? null : Readable.fromWeb(request.body as NodeReadableStream)

  return await new Promise<Response>((resolve) => {
    const outgoing = httpRequest(
      {
        socketPath,
        method: request.method,
        path: url.pathname + url.search,
        headers: { ...headers, host: url.host },
      },
      (incoming) => {
        const status = incoming.statusCode ?? 502
        const stream = BODILESS.has(status)
          ? null
          : (Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array>)
        if (stream === null) incoming.resume()
        resolve(new Response(stream, { status, headers: responseHeaders(incoming) }))
      },
    )
    outgoing.on('error', (cause) => {
      resolve(
        new Response(`The Gliadesk core does not answer (${cause.message}).`, {
          status: 503,
          headers: { 'content-type': 'text/plain; charset=utf-8' },
        }),
      )
    })
    request.signal.addEventListener('abort', () => outgoing.destroy(), { once: true })
    if (body === null) outgoing.end()
    else body.pipe(outgoing)
  })
}
