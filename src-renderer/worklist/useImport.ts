import { onScopeDispose, readonly, shallowRef, type ShallowRef } from 'vue'
import { isAbort, toProblem, useWorkbench } from '../app/index.ts'
import { advanceImport, problemsOf, STARTED, type ImportRun } from './importRun.ts'

export interface ImportChoices {
  readonly path: string
  readonly name: string | null
  readonly caseNaming: 'pseudonym' | 'patient-id'
}

export interface Import {
  readonly run: Readonly<ShallowRef<ImportRun>>
  start(choices: ImportChoices): Promise<void>
  /** Gives up; what was imported so far stays. */
  stop(): void
  /** Back to choosing a folder. */
  reset(): void
}

/** One import at a time, followed event by event. */
export const useImport = (): Import => {
  const { api } = useWorkbench()
  const run = shallowRef<ImportRun>({ phase: 'idle' })
  let current = new AbortController()

  /** Stops following; the core goes on. */
  const leave = (): void => {
    current.abort()
    if (run.value.phase === 'running') {
      run.value = { phase: 'stopped', problems: problemsOf(run.value) }
    }
  }
  const stop = (): void => {
    if (run.value.phase === 'running') {
      // A core that cannot be reached has stopped by itself.
      api.datasets.stopImport({}).catch(() => undefined)
    }
    leave()
  }
  onScopeDispose(leave)
  return {
    run: readonly(run),
    stop,
    reset: () => {
      stop()
      run.value = { phase: 'idle' }
    },
    start: async (choices) => {
      stop()
      const mine = new AbortController()
      current = mine
      run.value = STARTED
      try {
        const events = await api.datasets.import({ ...choices }, { signal: mine.signal })
        for await (const event of events) {
          if (mine.signal.aborted) return
          run.value = advanceImport(run.value, event)
        }
      } catch (error) {
        if (mine.signal.aborted || isAbort(error)) return
        run.value = {
          phase: 'failed',
          problem: toProblem(error),
          problems: problemsOf(run.value),
        }
      }
    },
  }
}
