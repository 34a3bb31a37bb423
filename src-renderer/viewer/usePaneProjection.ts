import { computed, onBeforeUnmount, onMounted, shallowRef, type ComputedRef, type Ref } from 'vue'
import {
  fitMmPerPixel,
  projectionOf,
  type CanvasProjection,
  type CanvasSize,
} from './geometry/canvasProjection.ts'
import type { PaneSpec, ViewerModel } from './viewerModel.ts'

/** A pane's projection, following its size on screen and the shared view; null while it has no size. */
export function usePaneProjection(
  model: ViewerModel,
  pane: () => PaneSpec,
  element: Ref<HTMLElement | null>,
): ComputedRef<CanvasProjection | null> {
  const size = shallowRef<CanvasSize>({ width: 0, height: 0 })
  const observer = new ResizeObserver(([entry]) => {
    size.value = {
      width: Math.round(entry.contentRect.width),
      height: Math.round(entry.contentRect.height),
    }
  })
  onMounted(() => {
    if (element.value) observer.observe(element.value)
  })
  onBeforeUnmount(() => observer.disconnect())

  return computed(() => {
    if (size.value.width < 2 || size.value.height < 2) return null
    const { grid, state } = model
    const { plane } = pane()
    const view = model.viewPlane(plane)
    const content = model.content.value
    const mmPerPixel = fitMmPerPixel(grid, view, size.value, content) / state.zoom
    return projectionOf(
      grid,
      view,
      size.value,
      state.cursor[view.through.axis],
      content,
      mmPerPixel,
      state.panMm[plane],
    )
  })
}
