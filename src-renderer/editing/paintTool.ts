import { ref, type Ref } from 'vue'
import { LABEL_NAMES } from '../../src-main/contract/anatomy.ts'
import { flatIndex, type Vector3 } from '../../src-main/imaging/geometry/index.ts'
import {
  containingVoxel,
  type PointerTool,
  type ToolCursor,
  type ToolPoint,
} from '../viewer/index.ts'
import type { Brush, BrushShape } from './brushStroke.ts'
import { fillConnected } from './fillConnected.ts'
import { fillPolygon } from './fillPolygon.ts'
import type { LabelEdit } from './labelEdit.ts'
import type { LabelSession } from './labelSession.ts'
import { paintSegment, type IntensityRange } from './paintStroke.ts'

export type PaintToolName = 'brush' | 'eraser' | 'freehand' | 'fill'

export interface PaintOptions {
  tool: PaintToolName
  /** The class that is painted, 1 to 3. */
  label: number
  /** 0 is exactly one voxel. */
  diameterMm: number
  shape: BrushShape
  /** By label value; locked classes are neither overwritten nor painted. Index 0 protects the background. */
  locks: boolean[]
  /** Fills go through the whole volume instead of one slice. */
  fillVolume: boolean
}

export interface PaintPorts {
  session: () => LabelSession | null
  options: PaintOptions
  /** Keeps the brush to an intensity range, or null. */
  range: () => IntensityRange | null
  colour: (label: number) => string
  /** Told why a gesture painted nothing. */
  onRefused: (reason: 'locked' | 'loading', label: number) => void
}

/** Turns pointer gestures into undo steps: brush, eraser, freehand outline and bucket fill. */
export class PaintTool implements PointerTool {
  /** Rises when the cursor looks different. */
  readonly revision: Ref<number> = ref(0)
  private readonly ports: PaintPorts
  private edit: LabelEdit | null = null
  private last: ToolPoint | null = null
  private readonly path: ToolPoint[] = []
  /** Positions of a gesture that began while an undo was under way; painted once it is done. */
  private waiting: ToolPoint[] | null = null
  private erasing = false
  private ended = false

  constructor(ports: PaintPorts) {
    this.ports = ports
  }

  cursor(erase: boolean): ToolCursor | null {
    const { tool, label, diameterMm } = this.ports.options
    const erases = erase || tool === 'eraser'
    const usesBrush = tool === 'brush' || tool === 'eraser'
    return {
      radiusMm: usesBrush ? diameterMm / 2 : 0,
      colour: erases ? '#ffffff' : this.ports.colour(label),
    }
  }

  outline(): readonly Vector3[] {
    return this.path.map((point) => point.index)
  }

  /** Whether a gesture is under way. */
  get active(): boolean {
    return this.edit !== null || this.waiting !== null
  }

  begin(point: ToolPoint, erase: boolean): void {
    const session = this.ports.session()
    const { options } = this.ports
    this.erasing = erase || options.tool === 'eraser'
    const value = this.erasing ? 0 : options.label
    if (!session) {
      this.ports.onRefused('loading', value)
      return
    }
    if (options.locks[value]) {
      this.ports.onRefused('locked', value)
      return
    }
    this.ended = false
    if (session.state.editable) {
      this.start(session, point)
      return
    }
    this.waiting = [point]
    void session.settled().then(() => this.startWaiting(session))
  }

  move(points: readonly ToolPoint[]): void {
    if (this.waiting) {
      this.waiting.push(...points)
      return
    }
    const session = this.ports.session()
    if (!this.edit || !session) return
    const { tool } = this.ports.options
    if (tool === 'fill') return
    if (tool === 'freehand') {
      this.path.push(...points.filter((point) => point.slice === this.path[0]?.slice))
      this.revision.value++
      return
    }
    for (const point of points) this.paintTo(session, point)
    session.touch()
  }

  end(): void {
    if (this.waiting) {
      this.ended = true
      return
    }
    const session = this.ports.session()
    const { edit } = this
    if (!edit || !session) return this.clear()
    if (this.ports.options.tool === 'freehand') this.closeOutline(session, edit)
    const title = this.title(edit)
    this.clear()
    void session.commit(edit, title)
  }

  cancel(): void {
    this.waiting = null
    this.edit?.revert()
    this.clear()
    this.ports.session()?.touch()
  }

  private startWaiting(session: LabelSession): void {
    const points = this.waiting
    this.waiting = null
    if (!points || this.ports.session() !== session) return
    this.start(session, points[0])
    this.move(points.slice(1))
    if (this.ended) this.end()
  }

  private start(session: LabelSession, point: ToolPoint): void {
    const { options } = this.ports
    const edit = session.beginEdit(this.erasing ? 0 : options.label, [...options.locks])
    this.edit = edit
    this.last = point
    if (options.tool === 'freehand') {
      this.path.push(point)
    } else if (options.tool === 'fill') {
      const voxel = containingVoxel(session.grid, point.index)
      const axis = options.fillVolume ? null : point.view.through.axis
      if (voxel) {
        fillConnected(edit, session.labels, session.grid, flatIndex(session.grid.dims, voxel), axis)
      }
    } else {
      this.paintTo(session, point)
    }
    session.touch()
  }

  private paintTo(session: LabelSession, point: ToolPoint): void {
    if (!this.edit) return
    const { options } = this.ports
    const brush: Brush = {
      shape: options.shape,
      radiusMm: options.diameterMm / 2,
      sliceAxis: point.view.through.axis,
    }
    // A slice changed under the pointer (wheel during a stroke) starts the line anew.
    const from = this.last && this.last.slice === point.slice ? this.last : point
    const range = this.erasing ? null : this.ports.range()
    paintSegment(this.edit, session.grid, brush, from.index, point.index, range)
    this.last = point
  }

  private closeOutline(session: LabelSession, edit: LabelEdit): void {
    const [first] = this.path
    if (!first) return
    fillPolygon(
      edit,
      session.grid,
      {
        u: first.view.right.axis,
        v: first.view.down.axis,
        through: first.view.through.axis,
        slice: first.slice,
      },
      this.outline(),
    )
  }

  private title(edit: LabelEdit): string {
    const name = LABEL_NAMES[edit.value]
    const { tool } = this.ports.options
    if (this.erasing) return tool === 'fill' || tool === 'freehand' ? `Erase (${tool})` : 'Erase'
    if (tool === 'fill') return `Fill ${name}`
    if (tool === 'freehand') return `Outline ${name}`
    return `Brush ${name}`
  }

  private clear(): void {
    this.edit = null
    this.last = null
    this.path.length = 0
    this.waiting = null
    this.revision.value++
  }
}
