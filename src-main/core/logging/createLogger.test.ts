import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createLogger, loggerTo } from './createLogger.ts'

it('writes JSON lines with a time and nothing about the machine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gliadesk-logs-'))
  createLogger(folder, '2026-11-24T12:00:00.000Z').info({ version: '1' }, 'opened')
  const text = await readFile(join(folder, 'core-2026-11-24T12-00-00.000Z.jsonl'), 'utf8')
  expect(Object.keys(JSON.parse(text)).sort()).toEqual(['level', 'msg', 'time', 'version'])
  await rm(folder, { recursive: true })
})

it.skipIf(process.platform !== 'linux')('survives a full disk', async () => {
  const logger = loggerTo('/dev/full')
  expect(() => logger.error('lost')).not.toThrow()
  await new Promise((resolve) => setImmediate(resolve))
})
