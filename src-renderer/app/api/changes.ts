import { readonly, ref, type Ref } from 'vue'
import { GliadeskError, type Change } from '../../../src-main/contract/index.ts'
import type { Api } from './api.ts'
import { pause } from './pause.ts'

export type ChangeTopic = Change['topic']
/** `refused`: the core answers, but does not know this page. */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused'

const TOPICS = [
  'cases',
  'jobs',
  'models',
  'datasets',
  'settings',
  'labels',
] as const satisfies readonly ChangeTopic[]
const FIRST_RETRY_MS = 400
const LAST_RETRY_MS = 5000

/** The core's "something of this kind changed", fanned out to whoever shows it. */
export interface Changes {
  readonly connection: Readonly<Ref<Connection>>
  /** Calls back for every change of the topics; returns the way to stop. */
  on(topics: readonly ChangeTopic[], listener: (change: Change) => void): () => void
  /** Follows the core until the signal aborts, across restarts of the core. */
  follow(signal: AbortSignal): Promise<void>
}

/**
 * @param api - where the changes come from
 * @returns the fan-out; after a lost connection every topic is reported once, since changes may have been missed
 */
export const createChanges = (api: Pick<Api, 'system'>): Changes => {
  const connection = ref<Connection>('connecting')
  const listeners = new Set<(change: Change) => void>()
  const publish = (change: Change): void => listeners.forEach((listener) => listener(change))

  return {
    connection: readonly(connection),
    on: (topics, listener) => {
      const filtered = (change: Change): void => {
        if (topics.includes(change.topic)) listener(change)
      }
      listeners.add(filtered)
      return () => listeners.delete(filtered)
    },
    follow: async (signal) => {
      let retryMs = FIRST_RETRY_MS
      while (!signal.aborted) {
        let refused = false
        try {
          const stream = await api.system.changes({}, { signal })
          const missed = connection.value === 'lost' || connection.value === 'refused'
          connection.value = 'open'
          retryMs = FIRST_RETRY_MS
          if (missed) TOPICS.forEach((topic) => publish({ topic, id: null }))
          for await (const change of stream) publish(change)
        } catch (error) {
          // Any other reason does not matter: the core is gone or going, so try again below.
          refused = error instanceof GliadeskError
        }
        if (signal.aborted) return
        connection.value = refused ? 'refused' : 'lost'
        await pause(retryMs, signal)
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
      }
    },
  }
}
