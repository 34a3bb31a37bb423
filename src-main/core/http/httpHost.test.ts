import { mkdir, stat, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { labelsWith, writeBratsCase } from '../../services/testing/bratsFolder.ts'
import type { Application } from '../openApplication.ts'
import { importAll, openTestApplication, temporaryFolder } from '../testing/testApplication.ts'
import type { HttpHost } from './httpHost.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let application: Application
let host: HttpHost
let origin: string
let token: string

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A request as a browser would make it, or as an attacker would: every header is the caller's. */
function ask(path: string, options: RequestOptions & { body?: string } = {}): Promise<Answer> {
  const { body, ...rest } = options
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, agent: false, ...rest }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts),
        }),
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}
const enter = async (): Promise<string> => {
  const { headers } = await ask(`/?token=${token}`)
  return headers['set-cookie']?.[0].split(';')[0] ?? ''
}
const call = (cookie: string, headers: Record<string, string> = {}) =>
  ask('/rpc/datasets/list', {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, origin, ...headers },
    body: JSON.stringify({ json: {} }),
  })

beforeEach(async () => {
  folder = await temporaryFolder('http')
  const rendererFolder = join(folder.path, 'page')
  await mkdir(join(rendererFolder, 'assets'), { recursive: true })
  await writeFile(join(rendererFolder, 'index.html'), '<!doctype html><title>Page</title>')
  await writeFile(join(rendererFolder, 'assets/app-1a2b.js'), 'export {}')
  application = await openTestApplication(join(folder.path, 'workspace'), { rendererFolder })
  host = await application.listen({ kind: 'serve', port: 0 })
  ;({ origin } = new URL(host.address))
  token = new URL(host.address).searchParams.get('token') ?? ''
})
afterEach(async () => {
  await application.close()
  await folder.remove()
})

describe('serve mode', () => {
  it('listens on 127.0.0.1 at a free port', () => {
    expect(host.address).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,5}\/\?token=[\w-]{43}$/)
  })

  it('exchanges the link for a strict cookie once, and drops the token from the address', async () => {
    const first = await ask(`/?token=${token}`)
    expect(first.status).toBe(303)
    expect(first.headers.location).toBe('/')
    expect(first.headers['set-cookie']?.[0]).toMatch(
      /^gliadesk-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
    )
    expect((await ask(`/?token=${token}`)).status).toBe(401)
    expect((await ask('/?token=guess')).status).toBe(401)
  })

  it('lets the same browser use its link again', async () => {
    const cookie = await enter()
    expect((await ask(`/?token=${token}`, { headers: { cookie } })).status).toBe(303)
  })

  it('answers nothing without the cookie', async () => {
    const sha256 = 'a'.repeat(64)
    for (const path of ['/', '/assets/app-1a2b.js', `/data/${sha256}`, '/worklist']) {
      expect((await ask(path)).status).toBe(401)
    }
    expect((await call('')).status).toBe(401)
    expect((await call('gliadesk-1=x')).status).toBe(401)
  })

  it('refuses another Host, as a rebound DNS name would send', async () => {
    const cookie = await enter()
    const { port } = new URL(origin)
    for (const name of ['evil.example', `evil.example:${port}`, `localhost:${port}`, '127.0.0.1']) {
      expect((await ask('/', { headers: { cookie, host: name } })).status).toBe(400)
    }
  })

  it('refuses another Origin, a missing one on calls, and cross-site fetches', async () => {
    const cookie = await enter()
    expect((await call(cookie)).status).toBe(200)
    expect((await call(cookie, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await call(cookie, { origin: 'null' })).status).toBe(403)
    expect((await call(cookie, { origin: origin.replace('http', 'https') })).status).toBe(403)
    const bare = { method: 'POST', headers: { cookie }, body: '{}' }
    expect((await ask('/rpc/datasets/list', bare)).status).toBe(403)
    const crossSite = { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
    expect((await ask('/', { headers: crossSite })).status).toBe(403)
  })

  it('sends the security headers with every answer, refusals too', async () => {
    const cookie = await enter()
    for (const answer of [
      await ask('/'),
      await ask('/', { headers: { cookie } }),
      await call(cookie),
    ]) {
      const policy = answer.headers['content-security-policy'] ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'")
      expect(policy).not.toContain('unsafe-inline')
      expect(policy).not.toContain("'unsafe-eval'")
      expect(answer.headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
    }
  })

  it('serves the page for its own routes, hashed assets for good, and no other method', async () => {
    const cookie = await enter()
    const page = await ask('/cases/case-1', { headers: { cookie } })
    expect(page.body.toString()).toContain('<title>Page')
    expect(page.headers['cache-control']).toBe('no-cache')
    const asset = await ask('/assets/app-1a2b.js', { headers: { cookie } })
    expect(asset.headers['content-type']).toContain('text/javascript')
    expect(asset.headers['cache-control']).toContain('immutable')
    expect((await ask('/assets/none.js', { headers: { cookie } })).status).toBe(404)
    expect((await ask('/', { method: 'DELETE', headers: { cookie, origin } })).status).toBe(405)
  })

  it('sends data by hash: whole, ranges, not again, and only what is there', async () => {
    const cookie = await enter()
    const data = join(folder.path, 'data')
    await writeBratsCase(data, 'A', { labels: labelsWith(3, 5) })
    await importAll(application, data)
    const [{ id: caseId }] = await application.client.cases.list({ datasetId: null })
    const { volume } = await application.client.labels.open({ caseId })
    const get = (headers: Record<string, string> = {}, method = 'GET') =>
      ask(`/data/${volume.sha256}`, { method, headers: { cookie, ...headers } })

    const whole = await get()
    expect(whole.status).toBe(200)
    expect(new Uint8Array(whole.body)).toEqual(labelsWith(3, 5))
    expect(whole.headers).toMatchObject({
      'content-length': String(volume.byteLength),
      'accept-ranges': 'bytes',
      etag: `"${volume.sha256}"`,
      'cache-control': 'private, max-age=31536000, immutable',
    })
    const part = await get({ range: 'bytes=4-6' })
    expect([part.status, part.headers['content-range'], [...part.body]]).toEqual([
      206,
      `bytes 4-6/${volume.byteLength}`,
      [0, 3, 0],
    ])
    expect((await get({ range: 'bytes=999999-' })).status).toBe(416)
    expect((await get({ 'if-none-match': `"${volume.sha256}"` })).status).toBe(304)
    const head = await get({}, 'HEAD')
    expect([head.headers['content-length'], head.body.length]).toEqual([
      String(volume.byteLength),
      0,
    ])
    expect((await ask(`/data/${'0'.repeat(64)}`, { headers: { cookie } })).status).toBe(404)
    expect((await ask('/data/../workspace.db', { headers: { cookie } })).status).toBe(404)
  })

  it('refuses a body larger than any edit', async () => {
    const cookie = await enter()
    const answer = await call(cookie, { 'content-length': String(80 * 1024 * 1024) })
    expect(answer.status).toBe(413)
    expect((await call(cookie)).status).toBe(200)
  })

  it('survives a client that leaves an event stream', async () => {
    const cookie = await enter()
    const { hostname, port } = new URL(origin)
    await new Promise<void>((resolve) => {
      const request = httpRequest(
        {
          hostname,
          port,
          path: '/rpc/system/changes',
          method: 'POST',
          headers: { 'content-type': 'application/json', cookie, origin },
        },
        (response) => {
          expect(response.headers['content-type']).toContain('text/event-stream')
          request.destroy()
          resolve()
        },
      )
      request.on('error', () => undefined)
      request.end(JSON.stringify({ json: {} }))
    })
    await application.client.settings.update({ readerName: 'Dr. B' })
    expect((await call(cookie)).status).toBe(200)
  })

  it('makes further one-time links', async () => {
    const link = new URL(host.newLink() ?? '')
    expect((await ask(`/${link.search}`)).status).toBe(303)
  })
})

describe.skipIf(process.platform === 'win32')('socket mode', () => {
  it('needs no cookie, because only this user can open the socket', async () => {
    const socketPath = join(folder.path, 'core.sock')
    await application.listen({ kind: 'socket', path: socketPath })
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600)
    const answer = await ask('/worklist', { socketPath, headers: { host: 'gliadesk' } })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
  })

  it('replaces a socket that a killed core left', async () => {
    const socketPath = join(folder.path, 'core.sock')
    await writeFile(socketPath, '')
    await application.listen({ kind: 'socket', path: socketPath })
    expect((await ask('/', { socketPath })).status).toBe(200)
  })
})
