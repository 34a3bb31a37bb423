import { shallowRef, type ShallowRef } from 'vue'

export interface Toast {
  readonly id: number
  readonly tone: 'neutral' | 'success' | 'danger'
  readonly title: string
  readonly detail: string
  readonly action: { readonly label: string; readonly run: () => void } | null
}

export interface Toasts {
  readonly items: Readonly<ShallowRef<readonly Toast[]>>
  show(toast: Partial<Omit<Toast, 'id'>> & Pick<Toast, 'title'>): void
  dismiss(id: number): void
}

/** The queue behind `UiToasts`; one a page. Toasts stay until dismissed or timed out by the component. */
export const createToasts = (): Toasts => {
  const items = shallowRef<readonly Toast[]>([])
  let next = 1
  return {
    items,
    show: (toast) => {
      const id = next++
      items.value = [
        ...items.value,
        { tone: 'neutral', detail: '', action: null, ...toast, id } satisfies Toast,
      ].slice(-4)
    },
    dismiss: (id) => {
      items.value = items.value.filter((toast) => toast.id !== id)
    },
  }
}
