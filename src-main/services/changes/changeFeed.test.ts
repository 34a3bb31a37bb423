import { describe, expect, it } from 'vitest'
import { createChangeFeed } from './changeFeed.ts'

describe('change feed', () => {
  it('holds changes for a subscriber that has not asked yet, each once', async () => {
    const feed = createChangeFeed()
    const changes = feed.subscribe()
    feed.publish('cases', 'case-1')
    feed.publish('cases', 'case-1')
    feed.publish('jobs')
    expect((await changes.next()).value).toEqual({ topic: 'cases', id: 'case-1' })
    expect((await changes.next()).value).toEqual({ topic: 'jobs', id: null })
  })

  it('merges what a sleeping window has waiting instead of growing without end', async () => {
    const feed = createChangeFeed()
    const changes = feed.subscribe()
    for (let n = 0; n < 1000; n++) feed.publish('cases', `case-${n}`)
    const seen = []
    feed.publish('models', 'model-1')
    for (;;) {
      const { value } = await changes.next()
      seen.push(value)
      if (value?.topic === 'models') break
    }
    expect(seen.length).toBeLessThan(300)
    expect(seen).toContainEqual({ topic: 'cases', id: null })
  })

  it('ends with the signal and with the feed', async () => {
    const feed = createChangeFeed()
    const leaving = new AbortController()
    const first = feed.subscribe(leaving.signal).next()
    const second = feed.subscribe().next()
    await new Promise((resolve) => setImmediate(resolve))
    leaving.abort()
    expect((await first).done).toBe(true)
    feed.close()
    expect((await second).done).toBe(true)
  })
})
