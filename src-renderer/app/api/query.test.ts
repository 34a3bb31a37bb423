import { ORPCError } from '@orpc/client'
import { describe, expect, it, vi } from 'vitest'
import { createQuery } from './query.ts'

/** Answers that the test gives when it wants to. */
const controlled = <T>() => {
  const calls: {
    resolve: (value: T) => void
    reject: (error: unknown) => void
    signal: AbortSignal
  }[] = []
  const load = (signal: AbortSignal): Promise<T> =>
    new Promise((resolve, reject) => calls.push({ resolve, reject, signal }))
  return { calls, load }
}

describe('createQuery', () => {
  it('loads, then shows the answer', async () => {
    const { calls, load } = controlled<string>()
    const query = createQuery(load)
    const loaded = query.refetch()
    expect(query.loading.value).toBe(true)
    calls[0]!.resolve('answer')
    await loaded
    expect(query.data.value).toBe('answer')
    expect(query.loading.value).toBe(false)
  })

  it('keeps the last answer when loading again fails, and tells why', async () => {
    const load = vi
      .fn<() => Promise<string>>()
      .mockResolvedValueOnce('first')
      .mockRejectedValueOnce(
        new ORPCError('READ_ONLY', { message: 'Cannot write.', data: { remedy: 'Move it.' } }),
      )
    const query = createQuery(load)
    await query.refetch()
    await query.refetch()
    expect(query.data.value).toBe('first')
    expect(query.problem.value).toEqual({
      code: 'READ_ONLY',
      message: 'Cannot write.',
      remedy: 'Move it.',
    })
  })

  it('folds changes during a load into one more load', async () => {
    const { calls, load } = controlled<number>()
    const query = createQuery(load)
    const loaded = query.refetch()
    void query.refetch()
    void query.refetch()
    calls[0]!.resolve(1)
    await vi.waitFor(() => expect(calls).toHaveLength(2))
    calls[1]!.resolve(2)
    await loaded
    expect(query.data.value).toBe(2)
    expect(calls).toHaveLength(2)
  })

  it('never lets a late answer land on a newer question', async () => {
    const { calls, load } = controlled<string>()
    const query = createQuery(load)
    const old = query.refetch()
    const fresh = query.restart()
    expect(calls[0]!.signal.aborted).toBe(true)
    calls[1]!.resolve('new')
    await fresh
    calls[0]!.resolve('old')
    await old
    expect(query.data.value).toBe('new')
  })

  it('lets nothing land after stop', async () => {
    const { calls, load } = controlled<string>()
    const query = createQuery(load)
    const loaded = query.refetch()
    query.stop()
    calls[0]!.resolve('late')
    await loaded
    expect(query.data.value).toBeUndefined()
    expect(query.loading.value).toBe(false)
  })
})
