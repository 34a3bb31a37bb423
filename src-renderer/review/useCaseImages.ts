import { onScopeDispose, ref, type Ref } from 'vue'
import { SEQUENCE_TITLES, type Sequence } from '../../src-main/contract/index.ts'
import { isAbort, toProblem, useWorkbench, type Problem } from '../app/index.ts'
import { contentBox, fetchVoxels, type SliceRenderer, type ViewerModel } from '../viewer/index.ts'

export interface CaseImages {
  progress: Ref<Partial<Record<Sequence, number>>>
  problems: Ref<Partial<Record<Sequence, Problem>>>
  /** Tries the images again that failed. */
  retry: () => void
}

/** How long the other images wait for the first one's slice, at most; a hidden window draws nothing. */
const FIRST_SLICE_PATIENCE_MS = 2000

/**
 * Loads a case's images. The first sequence comes alone, so that a slice is on screen as soon as can be; the
 * others follow together.
 *
 * @param firstShown - called once the first image is on screen (or failed): what else is to load may begin
 */
export function useCaseImages(
  caseId: string,
  model: ViewerModel,
  renderer: SliceRenderer,
  firstShown: () => void,
): CaseImages {
  const { api } = useWorkbench()
  const progress = ref<Partial<Record<Sequence, number>>>({})
  const problems = ref<Partial<Record<Sequence, Problem>>>({})
  const controller = new AbortController()
  const { signal } = controller
  onScopeDispose(() => controller.abort())

  const idOf = (sequence: Sequence): string => `${caseId}-${sequence}`

  const load = async (sequence: Sequence): Promise<void> => {
    try {
      const source = { kind: 'sequence', sequence } as const
      const volumeRef = await api.cases.volume({ caseId, source }, { signal })
      const voxels = await fetchVoxels(volumeRef, SEQUENCE_TITLES[sequence], {
        signal,
        onProgress: (fraction) => {
          progress.value = { ...progress.value, [sequence]: fraction }
        },
      })
      if (signal.aborted) return
      const first = Object.keys(model.volumes.value).length === 0
      if (first) {
        // Air is zero in skull-stripped images and low everywhere else: 2 % of the range tells head from air.
        const { p001, p999 } = volumeRef.intensity ?? { p001: 0, p999: 0 }
        const level = Math.min(p001, 0.02 * p999)
        model.content.value = contentBox(voxels, volumeRef.grid, Math.max(0, level))
      }
      const volume = {
        id: idOf(sequence),
        sequence,
        title: SEQUENCE_TITLES[sequence],
        ref: volumeRef,
        voxels,
      }
      renderer.addVolume(volume)
      model.addVolume(volume)
    } catch (error) {
      if (!isAbort(error)) problems.value = { ...problems.value, [sequence]: toProblem(error) }
    }
  }
  const loadAll = async (sequences: readonly Sequence[]): Promise<void> => {
    const [first, ...others] = sequences
    await load(first)
    const patience = AbortSignal.any([signal, AbortSignal.timeout(FIRST_SLICE_PATIENCE_MS)])
    if (model.volumes.value[first]) await renderer.whenShown(idOf(first), patience)
    firstShown()
    await Promise.all(others.map(load))
  }
  void loadAll(model.sequences)

  return {
    progress,
    problems,
    retry: () => {
      const failed = model.sequences.filter((sequence) => problems.value[sequence])
      problems.value = {}
      if (failed.length > 0) void loadAll(failed)
    },
  }
}
