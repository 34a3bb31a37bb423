import { computed, markRaw, reactive, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { SEQUENCE_TITLES, SEQUENCES, type Sequence } from '../../src-main/contract/anatomy.ts'
import type { VolumeGrid } from '../../src-main/contract/volume.ts'
import type { Vector3 } from '../../src-main/imaging/geometry/index.ts'
import { wholeGrid, type ContentBox } from './geometry/canvasProjection.ts'
import {
  PLANES,
  sliceCount,
  viewPlaneOf,
  type Plane,
  type ViewPlane,
} from './geometry/viewPlane.ts'
import type { OverlaySource } from './overlay/sliceOverlay.ts'
import type { DisplayVolume } from './volumes/displayVolume.ts'
import type { RelativeWindow } from './windowing/displayWindow.ts'
import { rememberedWindows } from './windowing/rememberedWindows.ts'

export type Layout = 'compare' | 'mpr' | 'one'

/** One pane of a layout. */
export interface PaneSpec {
  id: string
  sequence: Sequence
  plane: Plane
}

export interface PointerPosition {
  paneId: string
  index: Vector3
}

export interface ViewerState {
  layout: Layout
  /** The plane of Compare and One up. */
  plane: Plane
  /** The sequence of MPR and One up. */
  sequence: Sequence
  maximised: string | null
  /** The voxel that the crosshair marks and every pane's slice goes through. */
  cursor: [number, number, number]
  zoom: number
  panMm: Record<Plane, [number, number]>
  windows: Record<Sequence, RelativeWindow>
  smooth: boolean
  crosshair: boolean
  overlay: boolean
  fill: number
  outline: boolean
  hiddenLabels: boolean[]
  proposal: boolean
  uncertainty: boolean
}

const ZOOM_RANGE = [0.25, 32] as const

/**
 * What a case's panes show. Everything linked (slice, crosshair, zoom, pan) exists once, here, so panes cannot
 * drift apart; panes derive their picture from it.
 */
export class ViewerModel {
  readonly grid: VolumeGrid
  readonly sequences: readonly Sequence[]
  readonly state: ViewerState
  readonly content: ShallowRef<ContentBox>
  readonly volumes: ShallowRef<Partial<Record<Sequence, DisplayVolume>>> = shallowRef({})
  readonly labels: ShallowRef<OverlaySource | null> = shallowRef(null)
  readonly proposal: ShallowRef<OverlaySource | null> = shallowRef(null)
  readonly uncertainty: ShallowRef<OverlaySource | null> = shallowRef(null)
  readonly pointer: ShallowRef<PointerPosition | null> = shallowRef(null)
  readonly panes: ComputedRef<readonly PaneSpec[]>
  private readonly planes: Record<Plane, ViewPlane>

  /** @param sequences those the case has, at least one */
  constructor(grid: VolumeGrid, sequences: readonly Sequence[]) {
    this.grid = markRaw(grid)
    this.sequences = SEQUENCES.filter((sequence) => sequences.includes(sequence))
    this.planes = {
      axial: viewPlaneOf(grid, 'axial'),
      sagittal: viewPlaneOf(grid, 'sagittal'),
      coronal: viewPlaneOf(grid, 'coronal'),
    }
    this.content = shallowRef(wholeGrid(grid))
    this.state = reactive({
      layout: 'compare',
      plane: 'axial',
      sequence: this.sequences[0],
      maximised: null,
      cursor: [grid.dims[0] >> 1, grid.dims[1] >> 1, grid.dims[2] >> 1],
      zoom: 1,
      panMm: { axial: [0, 0], sagittal: [0, 0], coronal: [0, 0] },
      windows: rememberedWindows(),
      smooth: true,
      crosshair: true,
      overlay: true,
      fill: 0.35,
      outline: true,
      hiddenLabels: [false, false, false, false],
      proposal: true,
      uncertainty: false,
    } satisfies ViewerState)
    this.panes = computed(() => this.layoutPanes())
  }

  viewPlane(plane: Plane): ViewPlane {
    return this.planes[plane]
  }

  /** Shows a slice of a plane, as near as the grid has one. */
  setSlice(plane: Plane, slice: number): void {
    const view = this.planes[plane]
    const bounded = Math.min(sliceCount(this.grid, view) - 1, Math.max(0, Math.round(slice)))
    const cursor: [number, number, number] = [...this.state.cursor]
    cursor[view.through.axis] = bounded
    this.state.cursor = cursor
  }

  sliceOf(plane: Plane): number {
    return this.state.cursor[this.planes[plane].through.axis]
  }

  /** Moves towards superior, anterior or right (positive) or the other way. */
  stepSlice(plane: Plane, steps: number): void {
    this.setSlice(plane, this.sliceOf(plane) + steps * this.planes[plane].through.sign)
  }

  /** Puts the crosshair on the voxel at (or nearest to) a continuous index. */
  setCursor(index: Vector3): void {
    const bounded = (axis: 0 | 1 | 2): number =>
      Math.min(this.grid.dims[axis] - 1, Math.max(0, Math.floor(index[axis] + 0.5)))
    this.state.cursor = [bounded(0), bounded(1), bounded(2)]
  }

  setZoom(zoom: number): void {
    this.state.zoom = Math.min(ZOOM_RANGE[1], Math.max(ZOOM_RANGE[0], zoom))
  }

  setPan(plane: Plane, right: number, down: number): void {
    this.state.panMm[plane] = [right, down]
  }

  resetView(): void {
    this.state.zoom = 1
    for (const plane of PLANES) this.state.panMm[plane] = [0, 0]
  }

  /** Pans every plane so that the crosshair is in the middle. */
  centreOnCursor(): void {
    const { first, last } = this.content.value
    const offsetMm = ({ axis, sign }: { axis: number; sign: number }): number =>
      -sign * (this.state.cursor[axis] - (first[axis] + last[axis]) / 2) * this.grid.spacingMm[axis]
    for (const plane of PLANES) {
      const { right, down } = this.planes[plane]
      this.state.panMm[plane] = [offsetMm(right), offsetMm(down)]
    }
  }

  /** The sequence after (1) or before (−1) the present one. */
  cycleSequence(direction: 1 | -1): void {
    const at = this.sequences.indexOf(this.state.sequence)
    const count = this.sequences.length
    this.state.sequence = this.sequences[(at + direction + count) % count]
  }

  setLayout(layout: Layout): void {
    this.state.maximised = null
    this.state.layout = layout
  }

  toggleMaximised(paneId: string): void {
    this.state.maximised = this.state.maximised === paneId ? null : paneId
  }

  addVolume(volume: DisplayVolume): void {
    this.volumes.value = { ...this.volumes.value, [volume.sequence]: markRaw(volume) }
  }

  title(pane: PaneSpec): string {
    return SEQUENCE_TITLES[pane.sequence]
  }

  private layoutPanes(): PaneSpec[] {
    const pane = (sequence: Sequence, plane: Plane): PaneSpec => ({
      id: `${sequence}-${plane}`,
      sequence,
      plane,
    })
    const { layout, plane, sequence } = this.state
    switch (layout) {
      case 'compare':
        return this.sequences.map((present) => pane(present, plane))
      case 'mpr':
        return PLANES.map((each) => pane(sequence, each))
      case 'one':
        return [pane(sequence, plane)]
    }
  }
}
