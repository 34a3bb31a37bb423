import { readonly, ref, type Ref } from 'vue'
import { useWorkbench } from '../workbench.ts'
import type { Api } from './api.ts'
import { toProblem, type Problem } from './problem.ts'

export interface Action<A extends unknown[], R> {
  readonly busy: Readonly<Ref<boolean>>
  /** Runs it; undefined when it failed, which the reader has then been told. */
  run(...input: A): Promise<R | undefined>
}

/**
 * A call that changes something. Failures are shown as a toast with the core's message and remedy, unless `failed`
 * takes them.
 */
export const useAction = <A extends unknown[], R>(
  call: (api: Api, ...input: A) => Promise<R>,
  failed?: (problem: Problem) => void,
): Action<A, R> => {
  const { api, toasts } = useWorkbench()
  const busy = ref(false)
  return {
    busy: readonly(busy),
    run: async (...input) => {
      busy.value = true
      try {
        return await call(api, ...input)
      } catch (error) {
        const problem = toProblem(error)
        if (failed) failed(problem)
        else toasts.show({ tone: 'danger', title: problem.message, detail: problem.remedy })
        return undefined
      } finally {
        busy.value = false
      }
    },
  }
}
