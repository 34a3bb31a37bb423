import type { VolumeGrid } from '../../../src-main/contract/volume.ts'
import { LABEL_COUNT } from '../../../src-main/contract/anatomy.ts'
import type { ViewPlane } from '../geometry/viewPlane.ts'
import { greySlice } from '../rendering/greySlice.ts'
import type { DisplayVolume } from '../volumes/displayVolume.ts'
import type { DisplayWindow } from '../windowing/displayWindow.ts'
import { heatColour, type Rgb } from './colour.ts'
import { labelOutline } from './labelOutline.ts'
import { sliceValues } from './sliceValues.ts'

/** What of a labelmap's slice is drawn: a raster of its colours and the outline of every class. */
export interface SliceOverlay {
  raster: HTMLCanvasElement
  /** Outline runs by label value; see `labelOutline`. Index 0 is unused. */
  outlines: readonly Float32Array[]
}

/** A byte volume to lay over the image. `revision` must change whenever its voxels or its colours do. */
export interface OverlaySource {
  voxels: Uint8Array
  grid: VolumeGrid
  revision: string
}

/**
 * Keeps the last overlays of each kind, since four linked views show the same slice and a pan changes none
 * of them. A few slices suffice: two or three planes at a time.
 */
export class SliceOverlayCache {
  private readonly entries = new Map<string, SliceOverlay>()

  /**
   * Colours and outlines of a labelmap's slice. A null colour hides that class. Where `accepted` has the same
   * value there is nothing left to see.
   */
  labels(
    kind: string,
    source: OverlaySource,
    view: ViewPlane,
    slice: number,
    colours: readonly (Rgb | null)[],
    accepted: OverlaySource | null = null,
  ): SliceOverlay {
    const revision = `${source.revision}|${accepted?.revision ?? ''}`
    const key = `${kind}|${revision}|${view.plane}|${slice}|${JSON.stringify(colours)}`
    return this.cached(key, () => {
      const cut = sliceValues(source.voxels, source.grid, view, slice)
      if (accepted) {
        const { values } = sliceValues(accepted.voxels, accepted.grid, view, slice)
        for (let i = 0; i < values.length; i++) if (values[i] === cut.values[i]) cut.values[i] = 0
      }
      const outlines = Array.from({ length: LABEL_COUNT }, (_, label) =>
        label > 0 && colours[label] ? labelOutline(cut, label) : new Float32Array(0),
      )
      const raster = rasterOf(cut.width, cut.height, cut.values, (value, pixel, at) => {
        const colour = colours[value]
        if (!colour) return
        pixel[at] = colour[0]
        pixel[at + 1] = colour[1]
        pixel[at + 2] = colour[2]
        pixel[at + 3] = 255
      })
      return { raster, outlines }
    })
  }

  /** The heat map of an uncertainty volume's slice; certain voxels are transparent. */
  heat(source: OverlaySource, view: ViewPlane, slice: number): SliceOverlay {
    return this.cached(`heat|${source.revision}|${view.plane}|${slice}`, () => {
      const cut = sliceValues(source.voxels, source.grid, view, slice)
      const raster = rasterOf(cut.width, cut.height, cut.values, (value, pixel, at) => {
        const colour = heatColour(value)
        pixel[at] = colour[0]
        pixel[at + 1] = colour[1]
        pixel[at + 2] = colour[2]
        pixel[at + 3] = Math.min(220, value * 2)
      })
      return { raster, outlines: [] }
    })
  }

  /** A windowed slice of an image, for machines without WebGL. */
  image(
    volume: DisplayVolume,
    view: ViewPlane,
    slice: number,
    window: DisplayWindow,
  ): SliceOverlay {
    const key = `image|${volume.id}|${view.plane}|${slice}|${window.low}|${window.high}`
    return this.cached(key, () => {
      const { width, height, grey } = greySlice(volume.voxels, volume.ref.grid, view, slice, window)
      const raster = rasterOf(width, height, grey, (value, pixel, at) => {
        pixel[at] = value
        pixel[at + 1] = value
        pixel[at + 2] = value
        pixel[at + 3] = 255
      })
      return { raster, outlines: [] }
    })
  }

  private cached(key: string, make: () => SliceOverlay): SliceOverlay {
    const known = this.entries.get(key)
    if (known) return known
    const made = make()
    this.entries.set(key, made)
    if (this.entries.size > 12) {
      const [oldest] = this.entries.keys()
      this.entries.delete(oldest)
    }
    return made
  }
}

function rasterOf(
  width: number,
  height: number,
  values: Uint8Array | Uint8ClampedArray,
  paint: (value: number, pixel: Uint8ClampedArray, at: number) => void,
): HTMLCanvasElement {
  const raster = document.createElement('canvas')
  raster.width = width
  raster.height = height
  const context = raster.getContext('2d')
  if (!context) return raster
  const image = context.createImageData(width, height)
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) paint(values[i], image.data, i * 4)
  context.putImageData(image, 0, 0)
  return raster
}
