/**
 * A list of events that grows until it ends. Every reader gets all of them from the first, however late it
 * comes and however often it comes back; a reader that leaves disturbs nobody.
 */
export interface EventLog<T> {
  push(event: T): void
  /** No more events. With an error, every reader is told so after the last event. */
  end(error?: unknown): void
  /** @param skip leaves out that many of the first events */
  read(signal?: AbortSignal, skip?: number): AsyncGenerator<T, void, void>
}

/** @param initial events that are there already */
export function createEventLog<T>(initial: readonly T[] = []): EventLog<T> {
  const events = [...initial]
  let ended = false
  let failure: { error: unknown } | null = null
  let wake: () => void = () => undefined
  let more = new Promise<void>((resolve) => (wake = resolve))

  const notify = (): void => {
    wake()
    more = new Promise<void>((resolve) => (wake = resolve))
  }
  return {
    push: (event) => {
      events.push(event)
      notify()
    },
    end: (error) => {
      if (error !== undefined) failure = { error }
      ended = true
      notify()
    },
    read: async function* (signal, skip = 0) {
      const aborted = new Promise<void>((resolve) => {
        if (signal?.aborted) resolve()
        else signal?.addEventListener('abort', () => resolve(), { once: true })
      })
      for (let next = skip; signal?.aborted !== true;) {
        if (next < events.length) yield events[next++]
        else if (failure) throw failure.error
        else if (ended) return
        else await Promise.race([more, aborted])
      }
    },
  }
}
