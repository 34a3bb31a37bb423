import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWorkspace } from './workspace.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-workspace-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const lockPath = () => join(folder, 'workspace.lock')
const owner = (change: object) =>
  JSON.stringify({
    pid: process.pid,
    host: hostname(),
    startedAt: new Date().toISOString(),
    processStart: null,
    ...change,
  })

describe('workspace', () => {
  it('is created once and found again', async () => {
    const first = await openWorkspace({ path: folder })
    expect(first.created).toBe(true)
    await first.close()
    const second = await openWorkspace({ path: folder })
    expect(second.created).toBe(false)
    await second.close()
  })

  it('has one owner, and says who', async () => {
    const first = await openWorkspace({ path: folder })
    await expect(openWorkspace({ path: folder })).rejects.toMatchObject({
      code: 'WORKSPACE_BUSY',
      message: expect.stringContaining(`process ${process.pid}`),
    })
    await first.close()
    await (await openWorkspace({ path: folder })).close()
  })

  it('is taken over from an owner that was killed', async () => {
    const script = `
      const { openWorkspace } = await import(${JSON.stringify(new URL('./workspace.ts', import.meta.url).href)})
      await openWorkspace({ path: ${JSON.stringify(folder)} })
      process.stdout.write('open')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script])
    await once(child.stdout, 'data')
    await expect(openWorkspace({ path: folder })).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' })
    child.kill('SIGKILL')
    await once(child, 'exit')
    await (await openWorkspace({ path: folder })).close()
  })

  it.each([
    ['a pid that another process has now', () => owner({ processStart: 'another-boot:1' })],
    ['an owner from before the last boot', () => owner({ startedAt: '2001-01-01T00:00:00.000Z' })],
    ['a lock cut short by a power cut', () => '{"pid":12'],
  ])('is taken over from %s', async (_, content) => {
    await writeFile(lockPath(), content())
    const workspace = await openWorkspace({ path: folder })
    expect(JSON.parse(await readFile(lockPath(), 'utf8'))).toMatchObject({ pid: process.pid })
    await workspace.close()
  })

  it('is never taken from another computer', async () => {
    await writeFile(lockPath(), owner({ host: 'ward-7', pid: 999_999 }))
    await expect(openWorkspace({ path: folder })).rejects.toMatchObject({
      code: 'WORKSPACE_BUSY',
      remedy: expect.stringContaining('ward-7'),
    })
  })

  it('has one winner when many start at once on a stale lock', async () => {
    await writeFile(lockPath(), owner({ startedAt: '2001-01-01T00:00:00.000Z' }))
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => openWorkspace({ path: folder })),
    )
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    await winners[0].value.close()
    expect((await readdir(folder)).filter((name) => name.includes('lock'))).toEqual([])
  })

  it('is taken over although a process died while it was taking it over', async () => {
    const stale = owner({ startedAt: '2001-01-01T00:00:00.000Z' })
    await writeFile(lockPath(), stale)
    const claim = createHash('sha256').update(stale).digest('hex').slice(0, 16)
    await writeFile(`${lockPath()}.${claim}`, owner({ pid: 999_999 }))
    const workspace = await openWorkspace({ path: folder })
    expect(JSON.parse(await readFile(lockPath(), 'utf8'))).toMatchObject({ pid: process.pid })
    await workspace.close()
  })
})

describe('a folder that cannot hold a workspace', () => {
  it.skipIf(process.platform !== 'linux')(
    'is called read-only where nothing may be written',
    async () => {
      await expect(openWorkspace({ path: '/sys/gliadesk' })).rejects.toMatchObject({
        code: 'READ_ONLY',
        message: expect.stringContaining('/sys/gliadesk cannot be written'),
      })
    },
  )

  it('is named where a file lies in its place', async () => {
    await writeFile(join(folder, 'file'), '')
    for (const path of [join(folder, 'file'), join(folder, 'file', 'workspace')]) {
      await expect(openWorkspace({ path })).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringContaining('a file lies where a folder is needed'),
      })
    }
  })
})
