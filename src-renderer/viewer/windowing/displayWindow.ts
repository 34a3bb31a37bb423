import type { VolumeRef } from '../../../src-main/contract/volume.ts'

/** A display window as stored intensities: black at `low`, white at `high`. */
export interface DisplayWindow {
  low: number
  high: number
}

/**
 * A window relative to the sequence's default range: the window that the file's header asks for where it does
 * (DICOM VOI), else 0 is the 0.1st and 1 the 99.9th percentile of the non-zero voxels. MR intensities have no unit, so this, not the raw numbers, is what can be remembered
 * from one case to the next.
 */
export interface RelativeWindow {
  low: number
  high: number
}

export const AUTO_WINDOW: RelativeWindow = { low: 0, high: 1 }

/** The narrowest window as a fraction of the percentile range, so that it can never invert. */
const NARROWEST = 0.005

type Intensity = NonNullable<VolumeRef['intensity']>

/** The default range, widened where an image is constant so that a window always has a width. */
function defaultRange(intensity: Intensity): { low: number; width: number } {
  const asked = intensity.window
  if (asked && asked.high > asked.low) return { low: asked.low, width: asked.high - asked.low }
  const spread = intensity.p999 - intensity.p001
  if (spread > 0) return { low: intensity.p001, width: spread }
  const whole = intensity.max - intensity.min
  return whole > 0 ? { low: intensity.min, width: whole } : { low: intensity.min - 0.5, width: 1 }
}

/** The window in stored intensities. */
export function absoluteWindow(intensity: Intensity, relative: RelativeWindow): DisplayWindow {
  const { low, width } = defaultRange(intensity)
  return { low: low + relative.low * width, high: low + relative.high * width }
}

/**
 * A window after a drag: moving right widens it, moving up lowers its level, so that the image brightens
 * (the direction of Slicer and OHIF).
 *
 * @param right and down in fractions of the view's shorter side
 */
export function draggedWindow(start: RelativeWindow, right: number, down: number): RelativeWindow {
  const width = Math.max(NARROWEST, (start.high - start.low) * Math.exp(right * 2))
  const centre = (start.low + start.high) / 2 + down * Math.max(start.high - start.low, 0.1)
  return { low: centre - width / 2, high: centre + width / 2 }
}

/** Reads a remembered window; anything that is not one is the automatic window. */
export function parseRelativeWindow(value: unknown): RelativeWindow {
  if (typeof value !== 'object' || value === null) return AUTO_WINDOW
  const { low, high } = value as Partial<RelativeWindow>
  const valid =
    typeof low === 'number' &&
    typeof high === 'number' &&
    Number.isFinite(low) &&
    Number.isFinite(high) &&
    high - low >= NARROWEST
  return valid ? { low, high } : AUTO_WINDOW
}
