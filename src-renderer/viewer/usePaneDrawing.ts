import { onBeforeUnmount, watch, type ComputedRef, type Ref } from 'vue'
import { sameGrid } from '../../src-main/imaging/geometry/index.ts'
import type { CanvasProjection } from './geometry/canvasProjection.ts'
import {
  clearCanvas,
  drawHeat,
  drawImageSlice,
  drawLabels,
  drawProposal,
} from './overlay/overlayPainter.ts'
import {
  drawBrushCursor,
  drawCrosshair,
  drawFreehand,
  drawLinkedPointer,
} from './overlay/cursorPainter.ts'
import { absoluteWindow } from './windowing/displayWindow.ts'
import type { PaneSpec } from './viewerModel.ts'
import type { ViewerContext } from './viewerContext.ts'

export interface PaneDrawing {
  /** Where the pointer is in this pane, in CSS pixels, and whether it would erase; null when outside. */
  setPointer: (position: { x: number; y: number; erase: boolean } | null) => void
}

/**
 * Draws a pane: the image through cornerstone3D, labels and cursor on two canvases above it. Image and
 * labels change in the same frame: labels wait for the image of their own slice.
 */
export function usePaneDrawing(
  context: ViewerContext,
  pane: () => PaneSpec,
  projection: ComputedRef<CanvasProjection | null>,
  canvases: { labels: Ref<HTMLCanvasElement | null>; cursor: Ref<HTMLCanvasElement | null> },
  onImageShown: () => void,
): PaneDrawing & { onRendered: () => void; pushImage: () => void } {
  const { model, renderer, overlays } = context
  const scratch = document.createElement('canvas')
  let pointer: { x: number; y: number; erase: boolean } | null = null
  let frame = 0
  let labelsDue = false
  let cursorDue = false

  const readyCanvas = (canvas: HTMLCanvasElement | null): CanvasRenderingContext2D | null => {
    const current = projection.value
    const drawing = canvas?.getContext('2d')
    if (!canvas || !drawing || !current) return null
    const ratio = window.devicePixelRatio || 1
    const width = Math.round(current.size.width * ratio)
    const height = Math.round(current.size.height * ratio)
    if (canvas.width !== width) canvas.width = width
    if (canvas.height !== height) canvas.height = height
    clearCanvas(drawing, ratio)
    return drawing
  }

  /** Where there is no WebGL the image comes first on the label canvas; other grids cannot be shown then. */
  const drawWithoutWebGl = (drawing: CanvasRenderingContext2D, current: CanvasProjection): void => {
    const { sequence } = pane()
    const volume = model.volumes.value[sequence]
    const intensity = volume?.ref.intensity
    if (context.rendererState.value !== 'unavailable' || !volume || !intensity) return
    if (!sameGrid(volume.ref.grid, current.grid)) return
    const window = absoluteWindow(intensity, model.state.windows[sequence])
    const slice = overlays.image(volume, current.view, current.slice, window)
    drawImageSlice(drawing, current, slice, model.state.smooth)
    onImageShown()
  }

  const drawOverlays = (): void => {
    const current = projection.value
    const drawing = readyCanvas(canvases.labels.value)
    if (!current || !drawing) return
    const { state } = model
    const { view, slice } = current
    const visible = context.colours.value.map((colour, label) =>
      label > 0 && !state.hiddenLabels[label] ? colour : null,
    )
    drawWithoutWebGl(drawing, current)
    const heat = model.uncertainty.value
    if (heat && state.uncertainty) drawHeat(drawing, current, overlays.heat(heat, view, slice))
    const labels = model.labels.value
    if (labels && state.overlay) {
      const overlay = overlays.labels('labels', labels, view, slice, visible)
      drawLabels(drawing, current, overlay, {
        fill: state.fill,
        outline: state.outline,
        colours: visible,
      })
    }
    const proposal = model.proposal.value
    if (proposal && state.proposal && state.overlay) {
      const overlay = overlays.labels(
        'proposal',
        proposal,
        view,
        slice,
        visible,
        model.labels.value,
      )
      drawProposal(drawing, current, overlay, visible, scratch)
    }
  }

  const drawCursors = (): void => {
    const current = projection.value
    const drawing = readyCanvas(canvases.cursor.value)
    if (!current || !drawing) return
    if (model.state.crosshair) drawCrosshair(drawing, current, model.state.cursor)
    const linked = model.pointer.value
    if (linked && linked.paneId !== pane().id) {
      const distance = Math.abs(linked.index[current.view.through.axis] - current.slice)
      if (distance < 0.5) drawLinkedPointer(drawing, current, linked.index)
    }
    if (!pointer || context.mode.value !== 'paint') return
    const cursor = context.tool.cursor(pointer.erase)
    const outline = context.tool.outline()
    if (cursor) drawFreehand(drawing, current, outline, cursor.colour)
    if (cursor && outline.length === 0) {
      drawBrushCursor(drawing, current, pointer.x, pointer.y, cursor.radiusMm, cursor.colour)
    }
  }

  const drawDue = (): void => {
    frame = 0
    if (labelsDue) drawOverlays()
    if (cursorDue) drawCursors()
    labelsDue = false
    cursorDue = false
  }
  const schedule = (): void => {
    if (frame === 0) frame = requestAnimationFrame(drawDue)
  }

  /** The image of the present projection is on screen: its labels may follow, in this very frame. */
  const onRendered = (): void => {
    labelsDue = true
    cursorDue = true
    if (frame !== 0) cancelAnimationFrame(frame)
    drawDue()
    onImageShown()
  }

  const pushImage = (): void => {
    const current = projection.value
    const { sequence, id } = pane()
    const volume = model.volumes.value[sequence]
    if (!current) return
    if (volume && context.rendererState.value === 'ready') {
      const intensity = volume.ref.intensity
      renderer.update(id, {
        volume,
        projection: current,
        window: intensity ? absoluteWindow(intensity, model.state.windows[sequence]) : null,
        smooth: model.state.smooth,
      })
      return
    }
    labelsDue = true
    cursorDue = true
    schedule()
  }

  watch(
    () => [
      projection.value,
      model.volumes.value[pane().sequence],
      model.state.windows[pane().sequence],
      model.state.smooth,
      context.rendererState.value,
    ],
    pushImage,
  )
  watch(
    () => [
      model.labels.value,
      model.proposal.value,
      model.uncertainty.value,
      context.colours.value,
      model.state.overlay,
      model.state.fill,
      model.state.outline,
      model.state.proposal,
      model.state.uncertainty,
      [...model.state.hiddenLabels],
    ],
    () => {
      labelsDue = true
      schedule()
    },
  )
  watch(
    () => [
      model.pointer.value,
      model.state.crosshair,
      model.state.cursor,
      context.mode.value,
      context.toolRevision.value,
    ],
    () => {
      cursorDue = true
      schedule()
    },
  )
  onBeforeUnmount(() => cancelAnimationFrame(frame))

  return {
    onRendered,
    pushImage,
    setPointer: (position) => {
      pointer = position
      cursorDue = true
      schedule()
    },
  }
}
