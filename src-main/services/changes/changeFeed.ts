import type { Change } from '../../contract/index.ts'

/** Tells every open window what to fetch again. */
export interface ChangeFeed {
  publish(topic: Change['topic'], id?: string | null): void
  /** Every change from now on, until the signal aborts or the consumer stops. */
  subscribe(signal?: AbortSignal): AsyncGenerator<Change, void, void>
  /** Ends every subscription. */
  close(): void
}

/** Changes that a slow window may have waiting; older ones of the same topic are merged beyond it. */
const MAX_WAITING = 256

interface Subscriber {
  waiting: Change[]
  wake: () => void
}

export function createChangeFeed(): ChangeFeed {
  const subscribers = new Set<Subscriber>()
  let closed = false

  const publish: ChangeFeed['publish'] = (topic, id = null) => {
    for (const subscriber of subscribers) {
      const known = subscriber.waiting.some((change) => change.topic === topic && change.id === id)
      if (!known) subscriber.waiting.push({ topic, id })
      if (subscriber.waiting.length > MAX_WAITING) {
        const topics = new Set(subscriber.waiting.map((change) => change.topic))
        subscriber.waiting = [...topics].map((each) => ({ topic: each, id: null }))
      }
      subscriber.wake()
    }
  }
  return {
    publish,
    close: () => {
      closed = true
      for (const subscriber of subscribers) subscriber.wake()
    },
    subscribe: (signal) => {
      // Registered before the first `next`, so that nothing published in between is missed.
      const subscriber: Subscriber = { waiting: [], wake: () => undefined }
      subscribers.add(subscriber)
      return changesOf(
        subscriber,
        () => closed || signal?.aborted === true,
        signal,
        () => subscribers.delete(subscriber),
      )
    },
  }
}

async function* changesOf(
  subscriber: Subscriber,
  ended: () => boolean,
  signal: AbortSignal | undefined,
  leave: () => void,
): AsyncGenerator<Change, void, void> {
  const onAbort = (): void => subscriber.wake()
  signal?.addEventListener('abort', onAbort)
  try {
    while (!ended()) {
      const next = subscriber.waiting.shift()
      if (next) yield next
      else await new Promise<void>((resolve) => (subscriber.wake = resolve))
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    leave()
  }
}
