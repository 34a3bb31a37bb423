import type { VolumeRef } from '../../src-main/contract/volume.ts'
import type { Voxels } from '../../src-main/imaging/volume/index.ts'
import type { ViewPlane } from '../viewer/index.ts'

export interface ShownVolume {
  readonly ref: VolumeRef
  readonly voxels: Voxels
}

export interface Checkerboard {
  readonly width: number
  readonly height: number
  /** 8-bit RGBA, rows from the top of the screen. */
  readonly data: Uint8ClampedArray<ArrayBuffer>
  /** Width over height in millimetres: what a canvas must be shown with where voxels are not square. */
  readonly aspect: number
}

/**
 * One slice of two volumes on one grid, in tiles that take turns, in grey, the first volume at the top left. Radiological:
 * rows and columns run as the view says, whatever order the grid stores its axes in.
 *
 * @param slice along the view's axis through the screen
 * @param tileMm edge of a tile, at least one voxel is taken
 */
export function drawCheckerboard(
  reference: ShownVolume,
  moving: ShownVolume,
  view: ViewPlane,
  slice: number,
  tileMm: number,
): Checkerboard {
  const { dims, spacingMm } = reference.ref.grid
  const stride = [1, dims[0], dims[0] * dims[1]]
  const [width, height] = [dims[view.right.axis], dims[view.down.axis]]
  const [mmAcross, mmDown] = [spacingMm[view.right.axis], spacingMm[view.down.axis]]
  const data = new Uint8ClampedArray(4 * width * height)
  const scales = [scaleOf(reference), scaleOf(moving)]
  const sources = [reference.voxels, moving.voxels]
  const tilesAcross = tileIndices(width, tileMm / mmAcross)
  const tilesDown = tileIndices(height, tileMm / mmDown)
  for (let row = 0; row < height; row++) {
    const v = view.down.sign === 1 ? row : height - 1 - row
    for (let column = 0; column < width; column++) {
      const u = view.right.sign === 1 ? column : width - 1 - column
      const index =
        u * stride[view.right.axis] + v * stride[view.down.axis] + slice * stride[view.through.axis]
      const which = (tilesAcross[column] + tilesDown[row]) % 2
      const at = 4 * (column + width * row)
      data.fill((sources[which][index] - scales[which].low) * scales[which].factor, at, at + 3)
      data[at + 3] = 255
    }
  }
  return { width, height, data, aspect: (width * mmAcross) / (height * mmDown) }
}

function scaleOf({ ref }: ShownVolume): { low: number; factor: number } {
  const low = Math.min(0, ref.intensity?.p001 ?? 0)
  const high = ref.intensity?.p999 ?? 1
  return { low, factor: high > low ? 255 / (high - low) : 0 }
}

const tileIndices = (length: number, tileVoxels: number): Int32Array =>
  Int32Array.from({ length }, (_, position) => Math.floor(position / Math.max(1, tileVoxels)))
