import { inject, type InjectionKey, type Ref } from 'vue'
import type { Rgb } from './overlay/colour.ts'
import type { SliceOverlayCache } from './overlay/sliceOverlay.ts'
import type { PointerTool } from './pointerTool.ts'
import type { RendererState, SliceRenderer } from './rendering/sliceRenderer.ts'
import type { ViewerModel } from './viewerModel.ts'

/** What a left drag does. */
export type PointerMode = 'navigate' | 'pan' | 'zoom' | 'window' | 'paint'

/** What the panes of one viewer share. */
export interface ViewerContext {
  model: ViewerModel
  renderer: SliceRenderer
  rendererState: Readonly<Ref<RendererState>>
  overlays: SliceOverlayCache
  mode: Readonly<Ref<PointerMode>>
  tool: PointerTool
  /** Rises when the tool's cursor changed (its size, its class). */
  toolRevision: Readonly<Ref<number>>
  /** Colours by label value; index 0 is unused. */
  colours: Readonly<Ref<readonly Rgb[]>>
  /** A brush-size wheel step over a pane. */
  stepBrush: (direction: 1 | -1) => void
  /** Alt+click: take the class of a voxel. */
  pickLabel: (index: readonly [number, number, number]) => void
}

export const VIEWER_CONTEXT: InjectionKey<ViewerContext> = Symbol('viewer')

/** @throws Error outside a viewer: a mistake of the programmer, not of the reader */
export function useViewerContext(): ViewerContext {
  const context = inject(VIEWER_CONTEXT)
  if (!context) throw new Error('A slice pane was used outside a viewer.')
  return context
}
