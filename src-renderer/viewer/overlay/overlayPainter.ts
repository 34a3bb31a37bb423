import type { CanvasProjection } from '../geometry/canvasProjection.ts'
import { rasterTransform } from '../geometry/canvasProjection.ts'
import { cssColour, type Rgb } from './colour.ts'
import type { SliceOverlay } from './sliceOverlay.ts'

type Transform = readonly [number, number, number, number, number, number]

export interface LabelStyle {
  /** Fill opacity, 0 to 1. */
  fill: number
  outline: boolean
  colours: readonly (Rgb | null)[]
}

const DASH = [5, 4]
const HATCH_SPACING = 6

/** Clears a canvas and readies it for drawing in CSS pixels. */
export function clearCanvas(context: CanvasRenderingContext2D, pixelRatio: number): void {
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, context.canvas.width, context.canvas.height)
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0)
}

/** Draws accepted labels: filled voxels and a crisp outline, one screen pixel wide at any zoom. */
export function drawLabels(
  context: CanvasRenderingContext2D,
  projection: CanvasProjection,
  overlay: SliceOverlay,
  style: LabelStyle,
): void {
  const transform = rasterTransform(projection)
  drawRaster(context, overlay.raster, transform, style.fill, false)
  if (style.outline) strokeOutlines(context, overlay, transform, style.colours, [], 1.25)
}

/** Draws a proposal so that it cannot be taken for the label: hatched, with a dashed outline. */
export function drawProposal(
  context: CanvasRenderingContext2D,
  projection: CanvasProjection,
  overlay: SliceOverlay,
  colours: readonly (Rgb | null)[],
  scratch: HTMLCanvasElement,
): void {
  const transform = rasterTransform(projection)
  drawHatch(context, projection, overlay, transform, scratch)
  strokeOutlines(context, overlay, transform, colours, DASH, 1.5)
}

/** Draws the uncertainty map, smoothed like the image it lies on. */
export function drawHeat(
  context: CanvasRenderingContext2D,
  projection: CanvasProjection,
  overlay: SliceOverlay,
): void {
  drawRaster(context, overlay.raster, rasterTransform(projection), 0.75, true)
}

/** Draws an image slice that was windowed without graphics hardware. */
export function drawImageSlice(
  context: CanvasRenderingContext2D,
  projection: CanvasProjection,
  overlay: SliceOverlay,
  smooth: boolean,
): void {
  drawRaster(context, overlay.raster, rasterTransform(projection), 1, smooth)
}

function drawRaster(
  context: CanvasRenderingContext2D,
  raster: HTMLCanvasElement,
  transform: Transform,
  opacity: number,
  smooth: boolean,
): void {
  if (opacity <= 0) return
  context.save()
  context.transform(...transform)
  context.imageSmoothingEnabled = smooth
  context.globalAlpha = opacity
  context.drawImage(raster, 0, 0)
  context.restore()
}

function strokeOutlines(
  context: CanvasRenderingContext2D,
  overlay: SliceOverlay,
  transform: Transform,
  colours: readonly (Rgb | null)[],
  dash: number[],
  width: number,
): void {
  const [a, b, c, d, e, f] = transform
  context.save()
  context.lineWidth = width
  context.lineCap = 'square'
  context.setLineDash(dash)
  overlay.outlines.forEach((runs, label) => {
    const colour = colours[label]
    if (!colour || runs.length === 0) return
    context.beginPath()
    // Points go through the transform by hand: stroking under a scale would scale the line width too.
    for (let i = 0; i < runs.length; i += 4) {
      context.moveTo(a * runs[i] + c * runs[i + 1] + e, b * runs[i] + d * runs[i + 1] + f)
      context.lineTo(a * runs[i + 2] + c * runs[i + 3] + e, b * runs[i + 2] + d * runs[i + 3] + f)
    }
    context.strokeStyle = cssColour(colour)
    context.stroke()
  })
  context.restore()
}

/** Diagonal lines at screen size, kept where the raster has colour (its own colours show through). */
function drawHatch(
  context: CanvasRenderingContext2D,
  projection: CanvasProjection,
  overlay: SliceOverlay,
  transform: Transform,
  scratch: HTMLCanvasElement,
): void {
  const { width, height } = projection.size
  if (scratch.width !== width) scratch.width = Math.max(1, width)
  if (scratch.height !== height) scratch.height = Math.max(1, height)
  const hatch = scratch.getContext('2d')
  if (!hatch) return
  hatch.setTransform(1, 0, 0, 1, 0, 0)
  hatch.globalCompositeOperation = 'source-over'
  hatch.clearRect(0, 0, width, height)
  hatch.lineWidth = 1.5
  hatch.strokeStyle = '#fff'
  hatch.beginPath()
  for (let x = -height; x < width; x += HATCH_SPACING) {
    hatch.moveTo(x, height)
    hatch.lineTo(x + height, 0)
  }
  hatch.stroke()
  hatch.globalCompositeOperation = 'source-in'
  hatch.setTransform(...transform)
  hatch.imageSmoothingEnabled = false
  hatch.drawImage(overlay.raster, 0, 0)
  context.save()
  context.globalAlpha = 0.8
  context.drawImage(scratch, 0, 0, width, height)
  context.restore()
}
