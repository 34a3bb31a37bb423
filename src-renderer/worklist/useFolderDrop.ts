import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { text, useWorkbench } from '../app/index.ts'

/** Folders and archives dropped on the page. */
export interface FolderDrop {
  readonly isOver: Readonly<Ref<boolean>>
  /** Where the thing dropped last lies; null before, and where the host does not say. */
  readonly path: Readonly<ShallowRef<string | null>>
  /** What the reader must do instead where the host does not say; empty otherwise. */
  readonly hint: Readonly<Ref<string>>
  /** For the element that takes drops. */
  readonly handlers: Readonly<Record<string, (event: DragEvent) => void>>
  forget(): void
}

const holdsFiles = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes('Files') ?? false

/** @param onDrop called after `path` and `hint` are set */
export function useFolderDrop(onDrop: () => void): FolderDrop {
  const { paths } = useWorkbench()
  const isOver = ref(false)
  const path = shallowRef<string | null>(null)
  const hint = ref('')
  const over = (event: DragEvent): void => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    isOver.value = true
  }
  return {
    isOver,
    path,
    hint,
    forget: () => {
      path.value = null
      hint.value = ''
    },
    handlers: {
      dragenter: over,
      dragover: over,
      dragleave: () => (isOver.value = false),
      drop: (event) => {
        if (!holdsFiles(event)) return
        event.preventDefault()
        isOver.value = false
        const file = event.dataTransfer?.files[0]
        path.value = file ? paths.pathOfDropped(file) : null
        hint.value = path.value === null ? text.worklist.importDialog.dropInBrowser : ''
        onDrop()
      },
    },
  }
}
