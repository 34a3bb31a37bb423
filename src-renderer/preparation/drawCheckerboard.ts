import type { VolumeRef } from '../../src-main/contract/volume.ts'
import type { Voxels } from '../../src-main/imaging/volume/index.ts'

export interface ShownVolume {
  readonly ref: VolumeRef
  readonly voxels: Voxels
}

/**
 * One axial slice of two volumes on one grid, in tiles that take turns, as 8-bit grey RGBA rows from front to back with the
 * patient's right on the left.
 *
 * @param tile edge of a tile in voxels
 */
export function drawCheckerboard(
  reference: ShownVolume,
  moving: ShownVolume,
  slice: number,
  tile: number,
): ImageData {
  const [nx, ny] = reference.ref.grid.dims
  const image = new ImageData(nx, ny)
  const scaleOf = ({ ref }: ShownVolume): [number, number] => {
    const low = Math.min(0, ref.intensity?.p001 ?? 0)
    const high = ref.intensity?.p999 ?? 1
    return [low, high > low ? 255 / (high - low) : 0]
  }
  const scales = [scaleOf(reference), scaleOf(moving)]
  const sources = [reference.voxels, moving.voxels]
  for (let row = 0; row < ny; row++) {
    for (let column = 0; column < nx; column++) {
      // Axes run to the right and to the front: both turn round on the screen.
      const index = nx - 1 - column + nx * (ny - 1 - row + ny * slice)
      const which = (Math.floor(row / tile) + Math.floor(column / tile)) % 2
      const grey = (sources[which][index] - scales[which][0]) * scales[which][1]
      const at = 4 * (column + nx * row)
      image.data.fill(Math.max(0, Math.min(255, grey)), at, at + 3)
      image.data[at + 3] = 255
    }
  }
  return image
}
