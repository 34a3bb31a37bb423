import { onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { CaseDetail, VolumeSource } from '../../src-main/contract/index.ts'
import { isAbort, toProblem, useWorkbench } from '../app/index.ts'
import { fetchVoxels, type ViewerModel } from '../viewer/index.ts'

export interface ProposalVolumes {
  labels: ShallowRef<Uint8Array | null>
  uncertainty: ShallowRef<Uint8Array | null>
}

/** Keeps the case's present proposal and its uncertainty on screen; an accepted or rejected one leaves. */
export function useProposalVolumes(
  detail: ComputedRef<CaseDetail>,
  model: ViewerModel,
): ProposalVolumes {
  const { api, toasts } = useWorkbench()
  const labels = shallowRef<Uint8Array | null>(null)
  const uncertainty = shallowRef<Uint8Array | null>(null)
  let run = new AbortController()

  const load = async (proposalId: string, signal: AbortSignal): Promise<void> => {
    const fetchSource = async (source: VolumeSource): Promise<Uint8Array> => {
      const ref = await api.cases.volume({ caseId: detail.value.id, source }, { signal })
      return (await fetchVoxels(ref, 'the proposal', { signal })) as Uint8Array
    }
    const drawn = await fetchSource({ kind: 'proposal', proposalId })
    if (signal.aborted) return
    labels.value = drawn
    const { grid } = detail.value
    model.proposal.value = { voxels: drawn, grid, revision: proposalId }
    if (!detail.value.proposal?.uncertaintySha256) return
    const entropy = await fetchSource({ kind: 'uncertainty', proposalId })
    if (signal.aborted) return
    uncertainty.value = entropy
    model.uncertainty.value = { voxels: entropy, grid, revision: proposalId }
  }

  watch(
    () => {
      const { proposal } = detail.value
      const waiting = proposal?.state === 'open' || proposal?.state === 'partly-accepted'
      return proposal && waiting ? proposal.id : null
    },
    (proposalId) => {
      run.abort()
      run = new AbortController()
      labels.value = null
      uncertainty.value = null
      model.proposal.value = null
      model.uncertainty.value = null
      if (proposalId === null) return
      load(proposalId, run.signal).catch((error: unknown) => {
        if (isAbort(error)) return
        const { message, remedy } = toProblem(error)
        toasts.show({ tone: 'danger', title: message, detail: remedy })
      })
    },
    { immediate: true },
  )
  onScopeDispose(() => run.abort())
  return { labels, uncertainty }
}
