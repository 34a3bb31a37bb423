import { computed, type ComputedRef } from 'vue'
import { SEQUENCES, type LabelVersion, type Sequence } from '../../src-main/contract/index.ts'
import { text, useAction, useQuery, useWorkbench } from '../app/index.ts'

export interface ExportOnOriginal {
  /** Whose original grids a label can go back to; empty where the case was not prepared. */
  readonly sequences: ComputedRef<readonly Sequence[]>
  /** Asks where to, and writes. Does nothing where the reader cancels. */
  run(version: LabelVersion, sequence: Sequence): Promise<void>
}

/** Takes label versions of a prepared case back to the grids that its sequences came on. */
export function useExportOnOriginal(
  detail: () => { readonly id: string; readonly name: string },
): ExportOnOriginal {
  const { paths, toasts } = useWorkbench()
  const words = text.preparation
  const status = useQuery(
    (api, signal) => api.preparation.status({ caseId: detail().id }, { signal }),
    { topics: ['cases'], id: () => detail().id, source: () => detail().id },
  )
  const write = useAction((api, versionId: string, sequence: Sequence, path: string) =>
    api.preparation.exportVersion({ caseId: detail().id, versionId, sequence, path }),
  )
  return {
    sequences: computed(() => {
      const made = status.data.value?.applied?.sequences
      return made ? SEQUENCES.filter((sequence) => made[sequence]) : []
    }),
    run: async (version, sequence) => {
      const name = `${detail().name}_v${version.number}_on_${sequence}.nii.gz`
      const path = await paths.chooseSavePath(words.export.title, name)
      if (path === null) return
      const written = await write.run(version.id, sequence, path)
      if (!written) return
      const reveal = paths.revealFile
      toasts.show({
        tone: 'success',
        title: words.export.done,
        detail: written.path,
        action: reveal
          ? { label: words.export.reveal, run: () => void reveal(written.path) }
          : null,
      })
    },
  }
}
