import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { text, toProblem, useWorkbench, type Problem } from '../app/index.ts'
import { LabelSession } from '../editing/index.ts'
import { fetchVoxels, type ViewerModel } from '../viewer/index.ts'

export interface OpenLabel {
  session: ShallowRef<LabelSession | null>
  problem: ShallowRef<Problem | null>
  open: () => Promise<void>
}

/** Opens a case's label for editing and lays it over the images. */
export function useLabelSession(caseId: string, model: ViewerModel): OpenLabel {
  const { api, toasts } = useWorkbench()
  const session = shallowRef<LabelSession | null>(null)
  const problem = shallowRef<Problem | null>(null)
  let disposed = false
  onScopeDispose(() => (disposed = true))

  const tellLost = (error: unknown): void => {
    const { code, message, remedy } = toProblem(error)
    if (code === 'STALE_EDIT') {
      toasts.show({
        tone: 'danger',
        title: text.review.stale.title,
        detail: text.review.stale.detail,
      })
      return
    }
    toasts.show({ tone: 'danger', title: text.review.lost, detail: `${message} ${remedy}` })
  }

  const open = async (): Promise<void> => {
    problem.value = null
    try {
      const opened = await LabelSession.open(
        {
          api,
          fetchLabels: async (ref) => (await fetchVoxels(ref, 'the label')) as Uint8Array,
          onLost: tellLost,
        },
        caseId,
      )
      if (!disposed) session.value = opened
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  watch(
    () => [session.value, session.value?.state.revision] as const,
    ([current, revision]) => {
      model.labels.value = current
        ? { voxels: current.labels, grid: current.grid, revision: `${caseId}-${revision}` }
        : null
    },
  )
  return { session, problem, open }
}
