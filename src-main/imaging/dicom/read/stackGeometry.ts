import type { VolumeGrid } from '../../../contract/volume.ts'
import { createGrid, swapRasLps } from '../../geometry/index.ts'
import type { DicomFrame } from './dicomInstance.ts'

/** Frames in the order of the slices k = 0, 1, … along the normal (row × column direction), and their grid. */
export interface SliceStack {
  readonly slices: readonly DicomFrame[]
  /** RAS+; i runs along the columns of the pixels, j along the rows. */
  readonly grid: VolumeGrid
  readonly warnings: readonly string[]
}

/** Why frames make no volume; a sentence that names positions, and what to do. */
export interface StackProblem {
  readonly problem: string
  readonly remedy: string
}

/** Fewer slices show no extent: a localiser, or a single picture. */
export const MIN_SLICES = 3
/** Slices nearer than this share of the usual distance lie at one place. */
const SAME_PLACE = 0.05
/** A slice may lie this share of the slice distance off an even spacing: headers round positions to 0.1 mm. */
const UNEVEN_SHARE = 0.1
/** Said to the reader from here on. */
const NOTICED_MM = 0.01
/** Between the direction of stacking and the normal of the slices. */
const TILT_DEGREES = 0.5

const SEND_AGAIN = 'Send the whole series again from the archive, then import once more.'

/**
 * Sorts frames of one size and direction by their place along the normal, and fits the grid: the first and the last
 * slice lie exactly where their headers say, those between are evenly spaced. The third axis runs from slice to slice,
 * so that a stack sheared by a tilted gantry keeps its true geometry.
 *
 * Two frames at one place, a missing slice and uneven spacing are refused by name: one grid cannot hold them without
 * inventing values.
 *
 * @param frames at least one
 */
export function stackGeometry(frames: readonly DicomFrame[]): SliceStack | StackProblem {
  const [first] = frames
  const axes = directionsOf(first.orientation)
  if (!axes) {
    return {
      problem: `the Image Orientation (Patient) ${first.orientation.join('\\')} is no pair of perpendicular unit vectors`,
      remedy: 'Export the series again; its header was damaged.',
    }
  }
  if (frames.length < MIN_SLICES) {
    const isOne = frames.length === 1
    return {
      problem: isOne ? 'a single slice makes no volume' : `${frames.length} slices make no volume`,
      remedy: `Nothing needs to be done for a localiser; a sequence has ${MIN_SLICES} slices or more.`,
    }
  }
  const placed = frames
    .map((frame) => ({ frame, placeMm: dot(axes.normal, frame.positionMm) }))
    .sort((left, right) => left.placeMm - right.placeMm)
  const places = placed.map(({ placeMm }) => placeMm)
  const problem = unevenness(places)
  if (problem) return problem
  const slices = placed.map(({ frame }) => frame)
  return { slices, ...fitGrid(slices, axes) }
}

interface Directions {
  readonly row: readonly number[]
  readonly column: readonly number[]
  readonly normal: readonly number[]
}

const dot = (left: readonly number[], right: readonly number[]): number =>
  left[0] * right[0] + left[1] * right[1] + left[2] * right[2]

function directionsOf(orientation: readonly number[]): Directions | null {
  const row = orientation.slice(0, 3)
  const column = orientation.slice(3, 6)
  const lengths = [Math.hypot(...row), Math.hypot(...column)]
  if (lengths.some((length) => !(Math.abs(length - 1) < 1e-2))) return null
  if (!(Math.abs(dot(row, column)) < 1e-2)) return null
  const [a, b, c] = row
  const [d, e, f] = column
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d]
  const length = Math.hypot(...normal)
  return { row, column, normal: normal.map((part) => part / length) }
}

const mm = (value: number): string => String(Math.round(value * 100) / 100)

function unevenness(places: readonly number[]): StackProblem | null {
  const steps = places.slice(1).map((place, index) => place - places[index])
  const usual = [...steps].sort((left, right) => left - right)[Math.floor((steps.length - 1) / 2)]
  const span = places[places.length - 1] - places[0]
  if (!(span > 0) || !(usual > 0)) {
    return { problem: 'most slices lie at one and the same place', remedy: SEND_AGAIN }
  }
  const doubled = steps.findIndex((step) => step < SAME_PLACE * usual)
  if (doubled >= 0) {
    return {
      problem: `two different slices lie at one place, ${mm(places[doubled])} mm along the normal`,
      remedy: 'Import the scan alone, without copies of single slices from another export.',
    }
  }
  const gaps = steps.flatMap((step, index) => {
    const missing = Math.round(step / usual) - 1
    const isWhole = Math.abs(step - (missing + 1) * usual) <= 2 * UNEVEN_SHARE * usual
    return missing > 0 && isWhole ? [{ missing, from: places[index], to: places[index + 1] }] : []
  })
  if (gaps.length > 0) {
    const count = gaps.reduce((sum, { missing }) => sum + missing, 0)
    const where = gaps.slice(0, 3).map(({ from, to }) => `${mm(from)} and ${mm(to)} mm`)
    const more = gaps.length > 3 ? ` and at ${gaps.length - 3} further places` : ''
    return {
      problem:
        `${count === 1 ? 'a slice is' : `${count} slices are`} missing between ${where.join(', between ')}${more} ` +
        `along the normal, where slices lie ${mm(usual)} mm apart`,
      remedy: SEND_AGAIN,
    }
  }
  const even = span / steps.length
  const worst = furthestOff(places, even)
  if (worst.offMm <= UNEVEN_SHARE * even) return null
  return {
    problem:
      `the slices are unevenly spaced, ${mm(Math.min(...steps))} to ${mm(Math.max(...steps))} mm apart: ` +
      `slice ${worst.slice + 1} lies ${mm(worst.offMm)} mm off`,
    remedy: 'Reconstruct or resample the series with even spacing, then import it again.',
  }
}

function furthestOff(places: readonly number[], even: number): { slice: number; offMm: number } {
  let worst = { slice: 0, offMm: 0 }
  places.forEach((place, slice) => {
    const offMm = Math.abs(place - (places[0] + slice * even))
    if (offMm > worst.offMm) worst = { slice, offMm }
  })
  return worst
}

function fitGrid(
  slices: readonly DicomFrame[],
  { row, column, normal }: Directions,
): { grid: VolumeGrid; warnings: string[] } {
  const [first] = slices
  const last = slices[slices.length - 1]
  const steps = slices.length - 1
  const step = last.positionMm.map((value, axis) => (value - first.positionMm[axis]) / steps)
  const { rows, columns } = first.instance.pixels
  const [rowSpacing, columnSpacing] = first.pixelSpacingMm
  const lps = [0, 1, 2].flatMap((axis) => [
    row[axis] * columnSpacing,
    column[axis] * rowSpacing,
    step[axis],
    first.positionMm[axis],
  ])
  const grid = createGrid([columns, rows, slices.length], swapRasLps([...lps, 0, 0, 0, 1]))
  const warnings: string[] = []
  let offMm = 0
  slices.forEach(({ positionMm }, slice) => {
    const off = positionMm.map((value, axis) => value - first.positionMm[axis] - slice * step[axis])
    offMm = Math.max(offMm, Math.hypot(...off))
  })
  if (offMm > NOTICED_MM) {
    warnings.push(
      `Slices lie up to ${mm(offMm)} mm off an even spacing of ${mm(Math.hypot(...step))} mm, as positions in the ` +
        'headers are rounded; they were taken as even.',
    )
  }
  const tilt = (Math.acos(Math.min(1, dot(normal, step) / Math.hypot(...step))) * 180) / Math.PI
  if (tilt > TILT_DEGREES) {
    warnings.push(
      `The stack is sheared by ${mm(tilt)}° (tilted gantry). Its geometry is kept as it is; resample it for training.`,
    )
  }
  return { grid, warnings }
}
