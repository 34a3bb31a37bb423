import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerData } from './dataRoute.ts'
import { setSecurityHeaders } from './securityHeaders.ts'
import { sendText } from './sendFile.ts'
import { createSessionGate, openGate, type SessionGate } from './sessionGate.ts'
import { answerStatic } from './staticRoute.ts'

/** What the host answers with. */
export interface HttpRoutes {
  /** Handles `/rpc/…`; resolves with false where no such procedure exists. */
  rpc(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  findData(sha256: string): Promise<string | null>
  /** Folder of the built page. */
  readonly rendererFolder: string
  reportUnexpected(error: unknown): void
}

export interface HttpHost {
  /** The one-time link of serve mode; the socket's path in the desktop. */
  readonly address: string
  /** A new one-time link; null in the desktop. */
  newLink(): string | null
  close(): Promise<void>
}

export type HttpTarget =
  /** 127.0.0.1 only; port 0 takes a free one. */
  | { readonly kind: 'serve'; readonly port: number }
  /** A Unix socket that only this user may open, or a Windows named pipe. */
  | { readonly kind: 'socket'; readonly path: string }

/** Starts answering. The gate decides before anything else is looked at. */
export async function startHttpHost(routes: HttpRoutes, target: HttpTarget): Promise<HttpHost> {
  const state: { gate: Pick<SessionGate, 'admit'> } = {
    gate: { admit: () => ({ kind: 'refuse', status: 401, message: 'Gliadesk is starting.' }) },
  }
  const server = createServer((request, response) => {
    answer(request, response, routes, state.gate).catch((error: unknown) => {
      routes.reportUnexpected(error)
      if (response.headersSent) response.destroy()
      else sendText(response, 500, 'Something went wrong inside Gliadesk.')
    })
  })
  // Event streams stay open for hours; a request still has to arrive in reasonable time.
  server.requestTimeout = 120_000
  server.headersTimeout = 15_000

  if (target.kind === 'socket') {
    await listenOnSocket(server, target.path)
    state.gate = openGate
    return { address: target.path, newLink: () => null, close: () => close(server) }
  }
  server.listen({ port: target.port, host: '127.0.0.1', exclusive: true })
  await once(server, 'listening')
  const gate = createSessionGate((server.address() as AddressInfo).port)
  state.gate = gate
  return { address: gate.newLink(), newLink: () => gate.newLink(), close: () => close(server) }
}

async function listenOnSocket(server: Server, path: string): Promise<void> {
  const isPipe = process.platform === 'win32'
  // The workspace lock has already shown that no other core is alive here: what is left is a dead one's socket.
  if (!isPipe) await rm(path, { force: true })
  // The mask closes the moment between bind and chmod in which another user could connect.
  const mask = process.umask(0o177)
  try {
    server.listen({ path, readableAll: false, writableAll: false })
    await once(server, 'listening')
  } finally {
    process.umask(mask)
  }
  if (!isPipe) await chmod(path, 0o600)
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: HttpRoutes,
  gate: Pick<SessionGate, 'admit'>,
): Promise<void> {
  setSecurityHeaders(response)
  const admission = gate.admit(request)
  if (admission.kind === 'refuse') return sendText(response, admission.status, admission.message)
  if (admission.kind === 'welcome') {
    if (admission.cookie) response.setHeader('Set-Cookie', admission.cookie)
    response
      .writeHead(303, {
        Location: admission.location,
        'Cache-Control': 'no-store',
        'Content-Length': 0,
      })
      .end()
    return
  }
  const { pathname } = new URL(request.url ?? '/', 'http://core')
  if (pathname.startsWith('/rpc/')) {
    response.setHeader('Cache-Control', 'no-store')
    if (!(await routes.rpc(request, response))) sendText(response, 404, 'There is no such call.')
    return
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return sendText(response, 405, 'Only reading is possible here.')
  }
  if (pathname.startsWith('/data/')) {
    return answerData(request, response, pathname, (sha256) => routes.findData(sha256))
  }
  return answerStatic(request, response, pathname, routes.rendererFolder)
}
