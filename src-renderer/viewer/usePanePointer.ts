import { onBeforeUnmount, onMounted, type ComputedRef, type Ref } from 'vue'
import { canvasToIndex, type CanvasProjection } from './geometry/canvasProjection.ts'
import { containingVoxel } from './geometry/linkedVoxel.ts'
import type { ToolPoint } from './pointerTool.ts'
import type { PaneDrawing } from './usePaneDrawing.ts'
import { draggedWindow, type RelativeWindow } from './windowing/displayWindow.ts'
import { rememberWindows } from './windowing/rememberedWindows.ts'
import type { PaneSpec } from './viewerModel.ts'
import type { ViewerContext } from './viewerContext.ts'

type Gesture = 'navigate' | 'pan' | 'zoom' | 'window' | 'paint'

interface Drag {
  gesture: Gesture
  pointerId: number
  startX: number
  startY: number
  startPan: readonly [number, number]
  startZoom: number
  startWindow: RelativeWindow
  erase: boolean
}

/** Pixels of wheel travel that make one slice, so that a touchpad does not race through the volume. */
const WHEEL_STEP_PIXELS = 50

/**
 * Pointer and wheel over a pane. Left does what the mode says, middle (or Space) pans, right zooms or, while
 * painting, erases; the wheel scrolls slices, with Ctrl or Shift it changes the brush or the zoom;
 * Ctrl+drag windows; Shift+move takes the crosshair along; Alt+click picks a class.
 */
export function usePanePointer(
  context: ViewerContext,
  pane: () => PaneSpec,
  element: Ref<HTMLElement | null>,
  projection: ComputedRef<CanvasProjection | null>,
  drawing: PaneDrawing,
  spaceHeld: Readonly<Ref<boolean>>,
): void {
  const { model, tool } = context
  let drag: Drag | null = null
  let wheelTravel = 0

  const position = (event: PointerEvent | WheelEvent | MouseEvent): { x: number; y: number } => {
    const box = element.value?.getBoundingClientRect()
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }
  }

  const toolPoint = (current: CanvasProjection, event: PointerEvent): ToolPoint => {
    const { x, y } = position(event)
    return { index: canvasToIndex(current, x, y), view: current.view, slice: current.slice }
  }

  const gestureOf = (event: PointerEvent): Gesture | null => {
    const painting = context.mode.value === 'paint'
    if (event.button === 1 || (event.button === 0 && spaceHeld.value)) return 'pan'
    if (event.button === 2) return painting ? 'paint' : 'zoom'
    if (event.button !== 0) return null
    if (event.ctrlKey || event.metaKey) return 'window'
    return context.mode.value
  }

  const down = (event: PointerEvent): void => {
    const current = projection.value
    if (!current || drag) return
    element.value?.focus({ preventScroll: true })
    const { x, y } = position(event)
    if (event.altKey && event.button === 0) {
      const voxel = containingVoxel(model.grid, canvasToIndex(current, x, y))
      if (voxel) context.pickLabel(voxel)
      return
    }
    const gesture = gestureOf(event)
    if (!gesture) return
    event.preventDefault()
    element.value?.setPointerCapture(event.pointerId)
    const { plane, sequence } = pane()
    drag = {
      gesture,
      pointerId: event.pointerId,
      startX: x,
      startY: y,
      startPan: [...model.state.panMm[plane]],
      startZoom: model.state.zoom,
      startWindow: { ...model.state.windows[sequence] },
      erase: event.button === 2,
    }
    if (gesture === 'paint') tool.begin(toolPoint(current, event), drag.erase)
    if (gesture === 'navigate') model.setCursor(canvasToIndex(current, x, y))
    drawing.setPointer({ x, y, erase: drag.erase })
  }

  const move = (event: PointerEvent): void => {
    const current = projection.value
    if (!current) return
    const { x, y } = position(event)
    const index = canvasToIndex(current, x, y)
    model.pointer.value = { paneId: pane().id, index }
    drawing.setPointer({ x, y, erase: drag?.erase ?? false })
    if (!drag) {
      if (event.shiftKey) model.setCursor(index)
      return
    }
    if (event.pointerId === drag.pointerId) continueDrag(drag, current, event, x, y)
  }

  const continueDrag = (
    active: Drag,
    current: CanvasProjection,
    event: PointerEvent,
    x: number,
    y: number,
  ): void => {
    const { plane, sequence } = pane()
    const dx = x - active.startX
    const dy = y - active.startY
    const shorter = Math.min(current.size.width, current.size.height)
    switch (active.gesture) {
      case 'navigate':
        model.setCursor(canvasToIndex(current, x, y))
        return
      case 'pan':
        model.setPan(
          plane,
          active.startPan[0] + dx * current.mmPerPixel,
          active.startPan[1] + dy * current.mmPerPixel,
        )
        return
      case 'zoom':
        zoomAround(current, active.startX, active.startY, active.startZoom * Math.exp(-dy / 160))
        return
      case 'window':
        model.state.windows[sequence] = draggedWindow(
          active.startWindow,
          dx / shorter,
          dy / shorter,
        )
        return
      case 'paint': {
        const events = event.getCoalescedEvents?.() ?? []
        const moves = events.length > 0 ? events : [event]
        tool.move(moves.map((each) => toolPoint(current, each)))
      }
    }
  }

  /** Zooms so that the point under (x, y) stays where it is. */
  const zoomAround = (current: CanvasProjection, x: number, y: number, zoom: number): void => {
    const { plane } = pane()
    const before = model.state.zoom
    model.setZoom(zoom)
    const mmPerPixel = (current.mmPerPixel * before) / model.state.zoom
    const change = mmPerPixel - current.mmPerPixel
    const [right, downward] = model.state.panMm[plane]
    model.setPan(
      plane,
      right + (x - current.size.width / 2) * change,
      downward + (y - current.size.height / 2) * change,
    )
  }

  const finish = (event: PointerEvent, cancelled: boolean): void => {
    if (!drag || event.pointerId !== drag.pointerId) return
    const { gesture } = drag
    drag = null
    if (gesture === 'paint') {
      if (cancelled) tool.cancel()
      else tool.end()
    }
    if (gesture === 'window') rememberWindows(model.state.windows)
    drawing.setPointer({ ...position(event), erase: false })
  }
  const up = (event: PointerEvent): void => finish(event, false)
  const cancel = (event: PointerEvent): void => finish(event, true)

  const leave = (): void => {
    if (drag) return
    model.pointer.value = null
    drawing.setPointer(null)
  }

  const wheel = (event: WheelEvent): void => {
    const current = projection.value
    if (!current) return
    event.preventDefault()
    // Shift turns a vertical wheel into a horizontal one in some browsers.
    const travel = (event.deltaY || event.deltaX) * (event.deltaMode === 1 ? WHEEL_STEP_PIXELS : 1)
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      if (context.mode.value === 'paint') context.stepBrush(travel < 0 ? 1 : -1)
      else {
        const { x, y } = position(event)
        zoomAround(current, x, y, model.state.zoom * Math.exp(-travel / 400))
      }
      return
    }
    wheelTravel += travel
    const steps = Math.trunc(wheelTravel / WHEEL_STEP_PIXELS)
    wheelTravel -= steps * WHEEL_STEP_PIXELS
    if (steps !== 0) model.stepSlice(pane().plane, -steps)
  }

  const doubleClick = (): void => {
    // While painting, two quick dabs are two dabs.
    if (context.mode.value !== 'paint') model.toggleMaximised(pane().id)
  }
  const noMenu = (event: Event): void => event.preventDefault()

  onMounted(() => {
    const target = element.value
    if (!target) return
    target.addEventListener('pointerdown', down)
    target.addEventListener('pointermove', move)
    target.addEventListener('pointerup', up)
    target.addEventListener('pointercancel', cancel)
    target.addEventListener('pointerleave', leave)
    target.addEventListener('wheel', wheel, { passive: false })
    target.addEventListener('dblclick', doubleClick)
    target.addEventListener('contextmenu', noMenu)
  })
  onBeforeUnmount(() => {
    if (drag?.gesture === 'paint') tool.cancel()
  })
}
