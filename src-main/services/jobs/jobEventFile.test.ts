import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobEvent } from '../../contract/index.ts'
import { openJobEventFile, readJobEvents } from './jobEventFile.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gliadesk-events-'))
  path = join(folder, 'job-1', 'events.jsonl')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const step = (n: number, loss = 1 / n): JobEvent => ({
  type: 'step',
  step: n,
  loss,
  terms: {},
  learningRate: 1e-3,
  gradientNorm: 1,
  secondsPerStep: 0.1,
})
const log = (message: string): JobEvent => ({ type: 'log', level: 'info', message })

describe('event file of a job', () => {
  it('gives back what was appended, in order', async () => {
    const file = await openJobEventFile(path)
    for (const event of [step(1), log('a'), step(2), log('a')]) file.append(event)
    await file.flushed()
    expect(await readJobEvents(path)).toEqual([step(1), log('a'), step(2), log('a')])
  })

  it('passes over a line cut short by a crash and appends after it', async () => {
    const first = await openJobEventFile(path)
    first.append(step(1))
    first.append(step(2))
    await first.flushed()
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.slice(0, -20))
    const second = await openJobEventFile(path)
    expect(second.initial).toEqual([step(1)])
    second.append(step(2))
    await second.flushed()
    expect(await readJobEvents(path)).toEqual([step(1), step(2)])
  })

  it('leaves out steps that a resumed run does again', async () => {
    const first = await openJobEventFile(path)
    for (let n = 1; n <= 5; n++) first.append(step(n))
    await first.flushed()
    const resumed = await openJobEventFile(path)
    const taken = [3, 4, 5, 6, 7].map((n) => resumed.append(step(n)))
    await resumed.flushed()
    expect(taken).toEqual([false, false, false, true, true])
    expect((await readJobEvents(path)).map((event) => event.type === 'step' && event.step)).toEqual(
      [1, 2, 3, 4, 5, 6, 7],
    )
  })
})
