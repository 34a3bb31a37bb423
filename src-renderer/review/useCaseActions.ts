import { ref, type Ref, type ShallowRef } from 'vue'
import { useRouter } from 'vue-router'
import type {
  CaseDetail,
  LabelFileEnding,
  LabelOperation,
  LabelVersion,
  ProposalScope,
  ReviewState,
} from '../../src-main/contract/index.ts'
import { text, toProblem, useWorkbench } from '../app/index.ts'
import type { LabelLocks, LabelSession } from '../editing/index.ts'

/** Which dialog of the page is open. */
export type CaseDialog = 'save' | 'reject' | 'flag' | 'finetune'

/** Everything a button, a menu or a key can do with the open case. Failures are told, never thrown. */
export interface CaseActions {
  dialog: Ref<CaseDialog | null>
  busy: Ref<boolean>
  /** What happened last, for the live region. */
  announcement: Ref<string>
  undo: () => Promise<void>
  redo: () => Promise<void>
  /** Undoes or redoes until exactly the entries up to this sequence number are in effect. */
  goTo: (sequence: number) => Promise<void>
  saveVersion: (note: string) => Promise<LabelVersion | null>
  restoreVersion: (version: LabelVersion) => Promise<void>
  /** As NIfTI where no other ending is asked for. */
  exportVersion: (version: LabelVersion, ending?: LabelFileEnding) => Promise<void>
  accept: (scope: ProposalScope) => Promise<void>
  reject: () => Promise<void>
  /** Resolves to whether a voxel changed; null where it was refused, which the page has said then. */
  refine: (operation: LabelOperation) => Promise<boolean | null>
  setState: (state: ReviewState, reason: string | null) => Promise<boolean>
  markCorrected: () => Promise<void>
  approveAndNext: () => Promise<void>
  goToCase: (direction: 1 | -1) => Promise<void>
}

/**
 * @param apply - shows a case detail that the core answered with
 * @param endGesture - finishes a stroke that is being drawn, so that an action never splits one
 * @param locks - the live locks of the legend
 */
export function useCaseActions(
  detail: () => CaseDetail,
  session: ShallowRef<LabelSession | null>,
  refetch: () => Promise<void>,
  endGesture: () => void,
  locks: LabelLocks,
): CaseActions {
  const { api, toasts, paths } = useWorkbench()
  const router = useRouter()
  const dialog = ref<CaseDialog | null>(null)
  const busy = ref(false)
  const announcement = ref('')
  const words = text.review

  const attempt = async <T>(task: () => Promise<T>): Promise<T | null> => {
    busy.value = true
    endGesture()
    try {
      return await task()
    } catch (error) {
      const { message, remedy } = toProblem(error)
      toasts.show({ tone: 'danger', title: message, detail: remedy })
      return null
    } finally {
      busy.value = false
    }
  }
  const withSession = <T>(task: (open: LabelSession) => Promise<T>): Promise<T | null> => {
    const open = session.value
    return open ? attempt(() => task(open)) : Promise.resolve(null)
  }

  const undo = async (): Promise<void> => {
    const done = await withSession((open) => open.undo().then(() => true))
    if (done) announcement.value = words.history.announceUndo
  }
  const redo = async (): Promise<void> => {
    const done = await withSession((open) => open.redo().then(() => true))
    if (done) announcement.value = words.history.announceRedo
  }
  const saveVersion = (note: string): Promise<LabelVersion | null> =>
    withSession(async (open) => {
      const version = await open.saveVersion(note)
      await refetch()
      toasts.show({ tone: 'success', title: words.versions.saved(version.number) })
      return version
    })

  const setState = async (state: ReviewState, reason: string | null): Promise<boolean> => {
    const done = await attempt(async () => {
      await session.value?.settled()
      if (state !== 'flagged' && (session.value?.state.unsavedEdits ?? 0) > 0) {
        // A judgement is about a version that stays as it is, so what is on screen becomes one first.
        await session.value?.saveVersion('')
      }
      await api.cases.setReviewState({ caseId: detail().id, state, reason })
      await refetch()
      return true
    })
    return done ?? false
  }

  /** The neighbour in the worklist's present order; null at its end, which the reader is told. */
  const neighbour = async (direction: 1 | -1): Promise<string | null> => {
    const cases = await api.cases.list({ datasetId: null })
    const at = cases.findIndex((each) => each.id === detail().id)
    const target = at < 0 ? undefined : cases[at + direction]
    if (!target) toasts.show({ title: direction === 1 ? words.state.last : words.state.first })
    return target?.id ?? null
  }
  const show = async (id: string | null): Promise<void> => {
    await session.value?.settled()
    if (id !== null) await router.push({ name: 'review', params: { caseId: id } })
  }
  const goToCase = async (direction: 1 | -1): Promise<void> => {
    await attempt(async () => show(await neighbour(direction)))
  }

  return {
    dialog,
    busy,
    announcement,
    undo,
    redo,
    saveVersion,
    setState,
    goToCase,
    goTo: async (sequence) => {
      await withSession(async (open) => {
        const { history } = open.state
        const target = history.findIndex((entry) => entry.sequence === sequence)
        const applied = history.filter((entry) => !entry.undone).length
        for (let n = applied; n > target + 1; n--) await open.undo()
        for (let n = applied; n < target + 1; n++) await open.redo()
      })
    },
    restoreVersion: async (version) => {
      const done = await withSession(async (open) => {
        await open.restore(version.id)
        return true
      })
      if (done) toasts.show({ tone: 'success', title: words.versions.restored(version.number) })
    },
    exportVersion: async (version, ending = '.nii.gz') => {
      const name = `${detail().name}_v${version.number}${ending}`
      const path = await paths.chooseSavePath(words.versions.exportTitle, name)
      if (path === null) return
      const written = await attempt(() =>
        api.labels.exportVersion({ caseId: detail().id, versionId: version.id, path }),
      )
      if (!written) return
      const reveal = paths.revealFile
      toasts.show({
        tone: 'success',
        title: words.versions.exported,
        detail: written.path,
        action: reveal
          ? { label: words.versions.reveal, run: () => void reveal(written.path) }
          : null,
      })
    },
    accept: async (scope) => {
      const { proposal } = detail()
      if (!proposal) return
      const done = await withSession(async (open) => {
        await open.accept(proposal.id, scope, locks)
        await refetch()
        return true
      })
      if (done) announcement.value = words.proposal.accepted(scope)
    },
    refine: (operation) =>
      withSession(async (open) => {
        const before = open.state.cursor
        await open.apply(operation, locks)
        return open.state.cursor !== before
      }),
    reject: async () => {
      const { proposal } = detail()
      if (!proposal) return
      const done = await attempt(async () => {
        await api.proposals.reject({ proposalId: proposal.id })
        await refetch()
        return true
      })
      dialog.value = null
      if (done) toasts.show({ title: words.proposal.rejected })
    },
    markCorrected: async () => {
      if (!(await setState('corrected', null))) return
      toasts.show({ tone: 'success', title: words.state.marked(detail().name) })
    },
    approveAndNext: async () => {
      const { name } = detail()
      await attempt(async () => {
        // Asked first: approving moves the case to another place in the worklist.
        const next = await neighbour(1)
        if (!(await setState('approved', null))) return
        toasts.show({ tone: 'success', title: words.state.approved(name) })
        await show(next)
      })
    },
  }
}
