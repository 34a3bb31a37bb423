import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { forwardToCore } from './forwardToCore.ts'

describe('forwardToCore', () => {
  let folder: string
  let socketPath: string
  let server: Server

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gliadesk-shell-'))
    socketPath = join(folder, 'core.sock')
    server = createServer((request, response) => {
      if (request.url === '/nothing') {
        response.writeHead(204).end()
        return
      }
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        response.setHeader('content-type', 'application/json')
        response.setHeader('x-range', request.headers.range ?? '')
        response.end(
          JSON.stringify({
            method: request.method,
            url: request.url,
            host: request.headers.host,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      })
    })
    await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  })

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve))
    rmSync(folder, { recursive: true, force: true })
  })

  it('passes method, path, query, headers and body on and the answer back', async () => {
    const response = await forwardToCore(
      new Request('app://gliadesk/rpc/cases/list?x=1', {
        method: 'POST',
        body: '{"datasetId":null}',
        headers: { range: 'bytes=0-3' },
      }),
      socketPath,
    )
    expect(response.status).toBe(200)
    expect(response.headers.get('x-range')).toBe('bytes=0-3')
    expect(await response.json()).toEqual({
      method: 'POST',
      url: '/rpc/cases/list?x=1',
      host: 'gliadesk',
      body: '{"datasetId":null}',
    })
  })

  it('forwards an answer that has no body', async () => {
    const response = await forwardToCore(new Request('app://gliadesk/nothing'), socketPath)
    expect(response.status).toBe(204)
    expect(response.body).toBeNull()
  })

  it('answers 503 with a reason when the core is gone', async () => {
    const response = await forwardToCore(
      new Request('app://gliadesk/'),
      join(folder, 'absent.sock'),
    )
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('core does not answer')
  })

  it('stops the forwarded request when the page aborts', async () => {
    let closed = (): void => undefined
    const wasClosed = new Promise<void>((resolve) => (closed = resolve))
    server.removeAllListeners('request')
    server.on('request', (request, response) => {
      response.write('event: first\n\n')
      request.on('close', closed)
    })
    const abort = new AbortController()
    const response = await forwardToCore(
      new Request('app://gliadesk/rpc/stream', { signal: abort.signal }),
      socketPath,
    )
    expect(response.status).toBe(200)
    const drained = response.text().catch(() => 'aborted')
    abort.abort()
    await wasClosed
    expect(await drained).toBe('aborted')
  })
})
