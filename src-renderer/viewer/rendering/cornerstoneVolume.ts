import { cache, volumeLoader, utilities } from '@cornerstonejs/core'
import { directionOf, originOf, swapRasLps } from '../../../src-main/imaging/geometry/index.ts'
import type { DisplayVolume } from '../volumes/displayVolume.ts'

type Triple = [number, number, number]
type Nine = [number, number, number, number, number, number, number, number, number]

/**
 * Hands a volume to cornerstone3D without copying it: its pixels are the very array of `volume.voxels`.
 * Oblique grids keep their direction cosines; the world is DICOM's LPS space.
 */
export function registerCornerstoneVolume(volume: DisplayVolume): void {
  const { dims, spacingMm, indexToWorld } = volume.ref.grid
  const lps = swapRasLps(indexToWorld)
  // cornerstone3D lists the cosines axis by axis; `directionOf` is row-major with an axis a column.
  const byRow = directionOf(lps)
  const direction = [0, 1, 2].flatMap((axis) =>
    [0, 1, 2].map((row) => byRow[3 * row + axis]),
  ) as Nine
  const origin = originOf(lps)
  const spacing = [...spacingMm] as Triple
  const frameOfReference = 'gliadesk'
  volumeLoader.createLocalVolume(volume.id, {
    scalarData: volume.voxels,
    dimensions: [...dims] as Triple,
    spacing,
    origin,
    direction,
    metadata: {
      BitsAllocated: 16,
      BitsStored: 16,
      SamplesPerPixel: 1,
      HighBit: 15,
      PhotometricInterpretation: 'MONOCHROME2',
      PixelRepresentation: 1,
      Modality: 'MR',
      ImageOrientationPatient: direction.slice(0, 6),
      PixelSpacing: [spacing[1], spacing[0]],
      FrameOfReferenceUID: frameOfReference,
      Columns: dims[0],
      Rows: dims[1],
      voiLut: [],
      VOILUTFunction: 'LINEAR',
    },
  })
  // The loader gives every slice the position of the first one; slice mapping needs the real ones.
  for (let k = 0; k < dims[2]; k++) {
    const position = origin.map((value, row) => value + direction[6 + row] * spacing[2] * k)
    utilities.genericMetadataProvider.add(`${volume.id}_slice_${k}`, {
      type: 'imagePlaneModule',
      metadata: {
        frameOfReferenceUID: frameOfReference,
        rows: dims[1],
        columns: dims[0],
        imageOrientationPatient: direction.slice(0, 6),
        rowCosines: direction.slice(0, 3),
        columnCosines: direction.slice(3, 6),
        imagePositionPatient: position,
        sliceThickness: spacing[2],
        sliceLocation: k * spacing[2],
        pixelSpacing: [spacing[1], spacing[0]],
        rowPixelSpacing: spacing[1],
        columnPixelSpacing: spacing[0],
      },
    })
  }
}

/** Forgets a volume and its slices; the voxel array itself lives on with whoever holds it. */
export function releaseCornerstoneVolume(volume: DisplayVolume): void {
  if (cache.getVolume(volume.id)) cache.removeVolumeLoadObject(volume.id)
  for (let k = 0; k < volume.ref.grid.dims[2]; k++) {
    const imageId = `${volume.id}_slice_${k}`
    if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true })
  }
}
