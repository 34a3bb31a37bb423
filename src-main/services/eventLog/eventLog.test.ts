import { describe, expect, it } from 'vitest'
import { createEventLog } from './eventLog.ts'

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all = []
  for await (const event of events) all.push(event)
  return all
}

describe('event log', () => {
  it('gives every reader every event, however late it comes', async () => {
    const log = createEventLog([1])
    const early = collect(log.read())
    log.push(2)
    await Promise.resolve()
    log.push(3)
    log.end()
    expect(await early).toEqual([1, 2, 3])
    expect(await collect(log.read())).toEqual([1, 2, 3])
    expect(await collect(log.read(undefined, 2))).toEqual([3])
  })

  it('tells the failure after the last event', async () => {
    const log = createEventLog<number>()
    log.push(1)
    log.end(new Error('broken'))
    const seen: number[] = []
    await expect(
      (async () => {
        for await (const event of log.read()) seen.push(event)
      })(),
    ).rejects.toThrow('broken')
    expect(seen).toEqual([1])
  })

  it('lets a reader leave while others go on', async () => {
    const log = createEventLog<number>()
    const leaving = new AbortController()
    const left = collect(log.read(leaving.signal))
    const stays = collect(log.read())
    log.push(1)
    await new Promise((resolve) => setImmediate(resolve))
    leaving.abort()
    expect(await left).toEqual([1])
    log.push(2)
    log.end()
    expect(await stays).toEqual([1, 2])
  })
})
