import { readonly, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { isAbort, toProblem, type Problem } from './problem.ts'

/** Something loaded from the core and kept up to date. */
export interface Query<T> {
  /** The last answer; stays while a newer one loads and when reloading fails. */
  readonly data: Readonly<ShallowRef<T | undefined>>
  /** Why the last attempt failed; null after a success. */
  readonly problem: Readonly<ShallowRef<Problem | null>>
  /** True while there is nothing to show yet and an answer is under way. */
  readonly loading: Readonly<Ref<boolean>>
  /** Loads again; calls during a load are folded into one more load after it. */
  refetch(): Promise<void>
  /** Forgets the answer and loads anew: for when the question itself changed. */
  restart(): Promise<void>
  /** Gives up what is under way; nothing lands afterwards. */
  stop(): void
}

/**
 * The mechanism behind `useQuery`, free of any component.
 *
 * @param load - asks the core; gets a signal that aborts when the answer is no longer wanted
 */
export const createQuery = <T>(load: (signal: AbortSignal) => Promise<T>): Query<T> => {
  const data = shallowRef<T | undefined>(undefined)
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(false)
  // A late answer of an earlier run must not land on a newer one.
  let run: AbortController | null = null
  let again = false

  const start = async (): Promise<void> => {
    const mine = new AbortController()
    run = mine
    loading.value = data.value === undefined
    do {
      again = false
      try {
        const answer = await load(mine.signal)
        if (run !== mine) return
        data.value = answer
        problem.value = null
      } catch (error) {
        if (run !== mine) return
        if (!isAbort(error)) problem.value = toProblem(error)
      }
      loading.value = false
    } while (again)
    run = null
  }
  const stop = (): void => {
    run?.abort()
    run = null
    again = false
    loading.value = false
  }

  return {
    data,
    problem,
    loading: readonly(loading),
    refetch: async () => {
      if (run !== null) again = true
      else await start()
    },
    restart: async () => {
      stop()
      data.value = undefined
      problem.value = null
      await start()
    },
    stop,
  }
}
