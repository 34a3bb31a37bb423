import { describe, expect, it, vi } from 'vitest'
import { GliadeskError, type Change } from '../../../src-main/contract/index.ts'
import { createChanges } from './changes.ts'

type ChangeSource = Parameters<typeof createChanges>[0]

const apiOf = (streams: (() => AsyncIterable<Change>)[]): ChangeSource => {
  const changes = (): Promise<AsyncIterable<Change>> => {
    const next = streams.shift()
    return next ? Promise.resolve(next()) : new Promise(() => undefined)
  }
  return { system: { changes } } as unknown as ChangeSource
}

describe('createChanges', () => {
  it('hands a change only to those who asked for its topic', async () => {
    async function* stream(): AsyncGenerator<Change> {
      yield { topic: 'jobs', id: 'job-one' }
      await new Promise(() => undefined)
    }
    const changes = createChanges(apiOf([stream]))
    const jobs = vi.fn<(change: Change) => void>()
    const cases = vi.fn<(change: Change) => void>()
    changes.on(['jobs'], jobs)
    changes.on(['cases'], cases)
    const stop = new AbortController()
    void changes.follow(stop.signal)
    await vi.waitFor(() => expect(jobs).toHaveBeenCalledWith({ topic: 'jobs', id: 'job-one' }))
    expect(cases).not.toHaveBeenCalled()
    stop.abort()
  })

  it('reports every topic once after the connection came back', async () => {
    vi.useFakeTimers()
    async function* broken(): AsyncGenerator<Change> {
      yield { topic: 'jobs', id: 'job-one' }
      throw new TypeError('network error')
    }
    async function* open(): AsyncGenerator<Change> {
      await new Promise(() => undefined)
    }
    const changes = createChanges(apiOf([broken, open]))
    const models = vi.fn<(change: Change) => void>()
    changes.on(['models'], models)
    const stop = new AbortController()
    void changes.follow(stop.signal)
    await vi.advanceTimersByTimeAsync(1)
    expect(changes.connection.value).toBe('lost')
    await vi.advanceTimersByTimeAsync(1000)
    expect(changes.connection.value).toBe('open')
    expect(models.mock.calls).toEqual([[{ topic: 'models', id: null }]])
    stop.abort()
    vi.useRealTimers()
  })

  it('tells a core that refuses the page from one that is gone', async () => {
    vi.useFakeTimers()
    const refusal = new GliadeskError('WRONG_STATE', 'Signed out.', 'Sign in.')
    const changes = createChanges({
      system: { changes: () => Promise.reject(refusal) },
    } as unknown as ChangeSource)
    const stop = new AbortController()
    void changes.follow(stop.signal)
    await vi.advanceTimersByTimeAsync(1)
    expect(changes.connection.value).toBe('refused')
    stop.abort()
    vi.useRealTimers()
  })
})
