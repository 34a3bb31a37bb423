import { onScopeDispose, watch, type WatchSource } from 'vue'
import { useWorkbench } from '../workbench.ts'
import type { Api } from './api.ts'
import { pause } from './pause.ts'

const RETRY_MS = 1500

export interface StreamOptions<T> {
  readonly source: WatchSource
  /** Opens the stream; null when there is nothing to follow. */
  readonly open: (api: Api, signal: AbortSignal) => Promise<AsyncIterable<T>> | null
  /** A stream (re)starts from its first item. */
  readonly restarted: () => void
  readonly received: (item: T) => void
}

/**
 * Follows an event stream of the core for as long as the component lives, from the beginning again whenever the
 * source changes or the connection broke; a stream that ends by itself is left alone.
 */
export const useStream = <T>({ source, open, restarted, received }: StreamOptions<T>): void => {
  const { api } = useWorkbench()
  let current = new AbortController()

  const follow = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        const opening = open(api, signal)
        if (opening === null) return
        const stream = await opening
        if (signal.aborted) return
        restarted()
        for await (const item of stream) {
          if (signal.aborted) return
          received(item)
        }
        return
      } catch {
        await pause(RETRY_MS, signal)
      }
    }
  }
  watch(
    source,
    () => {
      current.abort()
      current = new AbortController()
      restarted()
      void follow(current.signal)
    },
    { immediate: true },
  )
  onScopeDispose(() => current.abort())
}
