import { codeItem, dcm } from '../write/codeItem.ts'
import type { DataSetContent } from '../write/dataSetContent.ts'
import type { ImagePlanes } from '../write/imagePlanes.ts'

/** A frame to be written: of which slice, and of which segment (null: the pixels tell). */
export interface FrameToWrite {
  readonly slice: number
  readonly segment: number | null
}

/** Direction and size of the pixels, which all frames share. */
export const sharedGroups = (planes: ImagePlanes): DataSetContent => ({
  PlaneOrientationSequence: [{ ImageOrientationPatient: planes.orientation }],
  PixelMeasuresSequence: [
    {
      SliceThickness: planes.sliceSpacingMm,
      SpacingBetweenSlices: planes.sliceSpacingMm,
      PixelSpacing: planes.pixelSpacingMm,
    },
  ],
})

/**
 * The functional groups of one frame: its place, its segment and the image that it was drawn on.
 *
 * @param positionIndex its place among the positions that have frames, from 1
 */
export function writeFrame(
  { slice, segment }: FrameToWrite,
  { slices }: ImagePlanes,
  positionIndex: number,
): DataSetContent {
  const { positionMm, image } = slices[slice]
  return {
    FrameContentSequence: [
      { DimensionIndexValues: segment === null ? [positionIndex] : [segment, positionIndex] },
    ],
    PlanePositionSequence: [{ ImagePositionPatient: positionMm }],
    ...(segment !== null && {
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }],
    }),
    ...(image && {
      DerivationImageSequence: [
        {
          SourceImageSequence: [
            {
              ReferencedSOPClassUID: image.sopClassUid,
              ReferencedSOPInstanceUID: image.sopInstanceUid,
              ...(image.frameNumber !== null && { ReferencedFrameNumber: image.frameNumber }),
              SpatialLocationsPreserved: 'YES',
              PurposeOfReferenceCodeSequence: codeItem(
                dcm('121322', 'Source image for image processing operation'),
              ),
            },
          ],
          DerivationCodeSequence: codeItem(dcm('113076', 'Segmentation')),
        },
      ],
    }),
  }
}
