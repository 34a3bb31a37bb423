import { Enums, eventTarget, init, RenderingEngine, type VolumeViewport } from '@cornerstonejs/core'
import { cameraOf } from './cameraOf.ts'
import { registerCornerstoneVolume, releaseCornerstoneVolume } from './cornerstoneVolume.ts'
import type { CanvasProjection } from '../geometry/canvasProjection.ts'
import type { DisplayVolume } from '../volumes/displayVolume.ts'
import type { DisplayWindow } from '../windowing/displayWindow.ts'

interface View {
  element: HTMLDivElement
  volume: DisplayVolume | null
  /** The volume whose actor the viewport holds; behind `volume` while cornerstone3D sets it up. */
  shown: DisplayVolume | null
  /** The volume that was drawn at least once, so that its next picture is whole. */
  settled: DisplayVolume | null
  projection: CanvasProjection | null
  window: DisplayWindow | null
  smooth: boolean
  /** Window and interpolation that cornerstone3D was last given. */
  look: string
  onRendered: () => void
}

/** The part of cornerstone3D's volume mapper that tells whether every slice is on the graphics card. */
interface StreamingMapper {
  getScalarTexture(): { getUpdatedFrames(): readonly (boolean | null)[] }
}

export type RendererState = 'ready' | 'lost' | 'unavailable'

let engineCount = 0

/**
 * Draws grey slices with cornerstone3D. It holds what every view should show and pushes that to
 * cornerstone3D's viewports; nothing is ever read back from them, so after a lost graphics context the
 * same record rebuilds the picture.
 */
export class SliceRenderer {
  private engine: RenderingEngine | null = null
  private readonly views = new Map<string, View>()
  private readonly volumes = new Map<string, DisplayVolume>()
  private readonly onState: (state: RendererState) => void
  private readonly shownVolumes = new Set<string>()
  private shownListeners: (() => void)[] = []
  private rebuildTimer: ReturnType<typeof setTimeout> | null = null

  /** @param onState told when the graphics context is lost, rebuilt, or cannot be had at all */
  constructor(onState: (state: RendererState) => void) {
    this.onState = onState
    eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_LOST, this.handleContextLost)
  }

  /** Gets a graphics context. Slow the first time (it compiles shaders), hence apart from the constructor. */
  start(): void {
    if (!this.engine) this.build()
  }

  /** Makes a volume drawable; the voxels are shared, not copied. */
  addVolume(volume: DisplayVolume): void {
    if (this.volumes.has(volume.id)) return
    this.volumes.set(volume.id, volume)
    if (this.engine) registerCornerstoneVolume(volume)
  }

  addView(id: string, element: HTMLDivElement, onRendered: () => void): void {
    const view: View = {
      element,
      volume: null,
      shown: null,
      settled: null,
      projection: null,
      window: null,
      smooth: true,
      look: '',
      onRendered: () => {
        if (this.renderAgainIfUnfinished(id, view)) return
        onRendered()
        const { shown } = view
        if (shown) this.noteShown(shown.id)
      },
    }
    this.views.set(id, view)
    element.addEventListener(Enums.Events.IMAGE_RENDERED, view.onRendered)
    if (this.engine) this.enable(id, view)
  }

  removeView(id: string): void {
    const view = this.views.get(id)
    if (!view) return
    view.element.removeEventListener(Enums.Events.IMAGE_RENDERED, view.onRendered)
    this.views.delete(id)
    if (this.engine?.getViewport(id)) this.engine.disableElement(id)
  }

  /** Resolves when a slice of the volume is on screen, or the signal aborts. */
  whenShown(volumeId: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.shownVolumes.has(volumeId) || signal.aborted) resolve()
        else this.shownListeners.push(check)
      }
      signal.addEventListener('abort', check, { once: true })
      check()
    })
  }

  /** What a view shows from now on. Cheap; the drawing happens in the next frame. */
  update(
    id: string,
    change: Partial<Pick<View, 'volume' | 'projection' | 'window' | 'smooth'>>,
  ): void {
    const view = this.views.get(id)
    if (!view) return
    Object.assign(view, change)
    this.push(id, view)
  }

  /** Tells cornerstone3D that views have another size. */
  resize(): void {
    this.engine?.resize(false, false)
    for (const [id, view] of this.views) this.push(id, view)
  }

  /** Gives the graphics context, its textures and every cached slice back. */
  destroy(): void {
    eventTarget.removeEventListener(Enums.Events.WEBGL_CONTEXT_LOST, this.handleContextLost)
    if (this.rebuildTimer) clearTimeout(this.rebuildTimer)
    for (const id of [...this.views.keys()]) this.removeView(id)
    this.tearDown()
    this.volumes.clear()
  }

  private noteShown(volumeId: string): void {
    if (this.shownVolumes.has(volumeId)) return
    this.shownVolumes.add(volumeId)
    const listeners = this.shownListeners
    this.shownListeners = []
    for (const listener of listeners) listener()
  }

  private build(): void {
    try {
      init({
        rendering: { webGlContextCount: 1 },
        debug: { statsOverlay: false },
      })
      this.engine = new RenderingEngine(`gliadesk-viewer-${++engineCount}`)
      for (const volume of this.volumes.values()) registerCornerstoneVolume(volume)
      for (const [id, view] of this.views) this.enable(id, view)
      this.onState('ready')
    } catch {
      // No WebGL at all: the page says so; labels, journal and every form stay usable.
      this.engine = null
      this.onState('unavailable')
    }
  }

  private tearDown(): void {
    for (const volume of this.volumes.values()) releaseCornerstoneVolume(volume)
    this.engine?.destroy()
    this.engine = null
  }

  private enable(id: string, view: View): void {
    this.engine?.enableElement({
      viewportId: id,
      element: view.element,
      type: Enums.ViewportType.ORTHOGRAPHIC,
      defaultOptions: { background: [0, 0, 0], suppressEvents: true },
    })
    view.shown = null
    view.settled = null
    view.look = ''
    this.push(id, view)
  }

  private push(id: string, view: View): void {
    const viewport = this.engine?.getViewport(id) as VolumeViewport | undefined
    if (!viewport || !view.volume) return
    if (view.shown !== view.volume) {
      const wanted = view.volume
      view.shown = wanted
      view.look = ''
      // Only the first volume of a viewport is set asynchronously in a way that can be overtaken.
      void viewport.setVolumes([{ volumeId: wanted.id }], false, true).then(() => {
        if (view.volume === wanted && this.views.get(id) === view) this.apply(id, view)
      })
      return
    }
    this.apply(id, view)
  }

  private apply(id: string, view: View): void {
    const viewport = this.engine?.getViewport(id) as VolumeViewport | undefined
    if (!viewport || !view.volume || !view.projection || viewport.getActors().length === 0) return
    const look = JSON.stringify([view.volume.id, view.window, view.smooth])
    // Setting it again, even to the same, rebuilds transfer functions: too slow for every scrolled slice.
    if (view.window && view.look !== look) {
      view.look = look
      viewport.setProperties(
        {
          voiRange: { lower: view.window.low, upper: view.window.high },
          interpolationType: view.smooth
            ? Enums.InterpolationType.LINEAR
            : Enums.InterpolationType.NEAREST,
        },
        view.volume.id,
        true,
      )
    }
    const camera = cameraOf(view.projection)
    if (view.settled !== view.shown) {
      // A camera that only turns about the same point keeps the old clipping planes; one that comes from
      // elsewhere does not.
      viewport.setCamera({ ...camera, focalPoint: camera.position })
    }
    viewport.setCamera(camera)
    viewport.render()
  }

  /**
   * The first rendering of a volume in a view may only create its texture and draw nothing: slices marked for
   * upload are left over, and only another rendering uploads and draws them. Which of several views does it
   * depends on their order, so every view draws a new volume twice.
   */
  private renderAgainIfUnfinished(id: string, view: View): boolean {
    const viewport = this.engine?.getViewport(id) as VolumeViewport | undefined
    const actor = viewport?.getActors()[0]?.actor
    if (!viewport || !actor) return true
    const mapper = actor.getMapper() as Partial<StreamingMapper>
    const waiting = mapper.getScalarTexture?.().getUpdatedFrames().some(Boolean) ?? false
    if (!waiting && view.settled === view.shown) return false
    view.settled = view.shown
    viewport.render()
    return true
  }

  private readonly handleContextLost = (event: Event): void => {
    const detail = (event as CustomEvent<{ renderingEngineId: string }>).detail
    if (detail.renderingEngineId !== this.engine?.id) return
    this.onState('lost')
    // The event arrives while the driver is still resetting: a fresh context in the same task can fail.
    this.rebuildTimer = setTimeout(() => {
      this.tearDown()
      this.build()
    }, 250)
  }
}
