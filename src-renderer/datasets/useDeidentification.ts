import { onScopeDispose, shallowReadonly, shallowRef, type ShallowRef } from 'vue'
import type {
  DeidentificationOptions,
  DeidentificationReport,
} from '../../src-main/contract/index.ts'
import { isAbort, toProblem, useWorkbench, type Problem } from '../app/index.ts'

export type DeidentificationRun =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly done: number; readonly total: number }
  | {
      readonly phase: 'done'
      readonly report: DeidentificationReport
      readonly told: readonly string[]
    }
  | { readonly phase: 'failed'; readonly problem: Problem }

export interface DeidentificationChoices {
  readonly path: string
  readonly output: string
  readonly options: Partial<DeidentificationOptions>
  readonly trial: boolean
}

export interface Deidentification {
  readonly run: Readonly<ShallowRef<DeidentificationRun>>
  start(choices: DeidentificationChoices): Promise<void>
  /** The report then tells what was done until here. */
  stop(): void
  reset(): void
}

/** One run at a time, followed event by event. */
export const useDeidentification = (): Deidentification => {
  const { api } = useWorkbench()
  const run = shallowRef<DeidentificationRun>({ phase: 'idle' })
  let current = new AbortController()

  const stop = (): void => {
    // A core that cannot be reached has stopped by itself.
    if (run.value.phase === 'running') api.deidentification.stop({}).catch(() => undefined)
  }
  onScopeDispose(() => current.abort())
  return {
    run: shallowReadonly(run),
    stop,
    reset: () => {
      stop()
      current.abort()
      run.value = { phase: 'idle' }
    },
    start: async (choices) => {
      current.abort()
      const mine = new AbortController()
      current = mine
      run.value = { phase: 'running', done: 0, total: 0 }
      const told: string[] = []
      try {
        const events = await api.deidentification.run({ ...choices }, { signal: mine.signal })
        for await (const event of events) {
          if (mine.signal.aborted) return
          if (event.type === 'problem') told.push(`${event.message} ${event.remedy}`)
          else if (event.type === 'done') run.value = { phase: 'done', report: event.report, told }
          else run.value = { phase: 'running', done: event.done, total: event.total }
        }
      } catch (error) {
        if (mine.signal.aborted || isAbort(error)) return
        run.value = { phase: 'failed', problem: toProblem(error) }
      }
    },
  }
}
