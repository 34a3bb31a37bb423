import type { DicomFrame } from './dicomInstance.ts'

/** Frames that belong on one stack of parallel slices, in no order yet. */
export interface FrameGroup {
  readonly seriesUid: string
  readonly frames: readonly DicomFrame[]
  /** What sets this group apart from others of its series, e.g. "echo time 22 ms"; empty for the only one. */
  readonly part: string
}

/** Directions count as one where no cosine differs by more: about half a degree. */
const ORIENTATION_TOLERANCE = 0.01
const SPACING_TOLERANCE = 1e-3

interface Trait {
  readonly title: string
  readonly of: (frame: DicomFrame) => string | number | null
}

/** What must be equal on one stack besides size, spacing and direction. */
const TRAITS: readonly Trait[] = [
  { title: 'stack', of: (frame) => frame.stackId },
  { title: 'echo', of: ({ hints }) => hints.echoNumber },
  { title: 'echo time', of: ({ hints }) => rounded(hints.echoTimeMs, 10) },
  { title: 'inversion time', of: ({ hints }) => rounded(hints.inversionTimeMs, 1) },
  { title: 'b-value', of: ({ hints }) => hints.diffusionBValue },
  { title: 'kind', of: ({ hints }) => hints.imageType.slice(2).join(' ') },
  { title: 'time point', of: (frame) => frame.temporalPosition },
]

const rounded = (value: number | null, perUnit: number): number | null =>
  value === null ? null : Math.round(value * perUnit) / perUnit

/**
 * Sorts frames into stacks: by series, then by size, pixel spacing and direction (so that localisers in three planes
 * fall apart), then by echo, b-value, image type and time point.
 */
export function groupStacks(frames: readonly DicomFrame[]): FrameGroup[] {
  const series = new Map<string, DicomFrame[]>()
  for (const frame of frames) append(series, frame.instance.seriesUid, frame)
  return [...series].flatMap(([seriesUid, members]) => {
    const stacks = shapesOf(members).flatMap(splitByTraits)
    if (stacks.length === 1) return [{ seriesUid, frames: stacks[0], part: '' }]
    return stacks.map((stack) => ({ seriesUid, frames: stack, part: partOf(stack, members) }))
  })
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** Compared with the first of each shape rather than rounded: two equal directions never fall into two bins. */
function shapesOf(frames: readonly DicomFrame[]): DicomFrame[][] {
  const shapes: DicomFrame[][] = []
  for (const frame of frames) {
    const shape = shapes.find(([first]) => sameShape(first, frame))
    if (shape) shape.push(frame)
    else shapes.push([frame])
  }
  return shapes
}

function sameShape(first: DicomFrame, second: DicomFrame): boolean {
  const { rows, columns } = first.instance.pixels
  const other = second.instance.pixels
  return (
    rows === other.rows &&
    columns === other.columns &&
    first.orientation.every(
      (cosine, index) => Math.abs(cosine - second.orientation[index]) <= ORIENTATION_TOLERANCE,
    ) &&
    first.pixelSpacingMm.every(
      (spacing, index) =>
        Math.abs(spacing - second.pixelSpacingMm[index]) <= SPACING_TOLERANCE * spacing,
    )
  )
}

function splitByTraits(frames: readonly DicomFrame[]): DicomFrame[][] {
  const stacks = new Map<string, DicomFrame[]>()
  for (const frame of frames) {
    append(stacks, JSON.stringify(TRAITS.map(({ of }) => of(frame))), frame)
  }
  return [...stacks.values()]
}

function partOf(stack: readonly DicomFrame[], series: readonly DicomFrame[]): string {
  const [first] = stack
  const parts: string[] = []
  const { rows, columns } = first.instance.pixels
  if (series.some((frame) => !sameShape(first, frame))) {
    parts.push(`${planeOf(first.orientation)} ${columns} × ${rows}`)
  }
  for (const { title, of } of TRAITS) {
    const value = of(first)
    const varies = series.some((frame) => of(frame) !== value)
    if (varies) parts.push(`${title} ${value ?? 'not stated'}`)
  }
  return parts.join(', ')
}

/** The anatomical plane nearest to an orientation. */
export function planeOf(orientation: readonly number[]): 'axial' | 'coronal' | 'sagittal' {
  const [rx, ry, rz, cx, cy, cz] = orientation
  const normal = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx].map(Math.abs)
  const largest = normal.indexOf(Math.max(...normal))
  return (['sagittal', 'coronal', 'axial'] as const)[largest]
}
