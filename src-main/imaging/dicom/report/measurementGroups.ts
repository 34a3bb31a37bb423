import { LABELS, REGION_LABELS } from '../../../contract/anatomy.ts'
import type { Lesion } from '../../../contract/dicomObjects.ts'
import { LABEL_CLASSES } from '../../labelmap/index.ts'
import { BRAIN, dcm, sct, ucum, type Code } from '../write/codeItem.ts'
import type { DataSetContent } from '../write/dataSetContent.ts'
import {
  codeValue,
  container,
  imageValue,
  lineOnImage,
  numberValue,
  textValueItem,
  uidValue,
} from './contentItems.ts'
import type { MeasurementReportToWrite } from './writeMeasurementReport.ts'

/** Codes that no public scheme has; 99 marks a private one (PS3.16 8.2). */
const own = (value: string, meaning: string): Code => ({ scheme: '99GLIADESK', value, meaning })

const MEASUREMENT_GROUP = dcm('125007', 'Measurement Group')
const FINDING = dcm('121071', 'Finding')
const FINDING_SITE = sct('363698007', 'Finding Site')
const MILLILITRE = ucum('ml', 'milliliter')
const MILLIMETRE = ucum('mm', 'millimeter')
const SQUARE_MILLIMETRE = ucum('mm2', 'square millimeter')
/** 10⁻⁴ ml and mm are far below what a voxel resolves. */
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4

interface Measured {
  readonly name: string
  readonly finding: Code
  readonly labels: readonly number[]
  readonly volumeMl: number
}

/** Volumes of the three classes and of the regions that consist of several (TID 1411). */
export function volumeGroups(request: MeasurementReportToWrite): DataSetContent[] {
  const { volumesMl } = request
  const classes = LABEL_CLASSES.map(({ label, name, type }): Measured => {
    const key = (['necrosis', 'edema', 'enhancing'] as const)[label - 1]
    return { name, finding: type, labels: [label], volumeMl: volumesMl[key] }
  })
  const regions: Measured[] = [
    {
      name: 'WT',
      finding: own('WT', 'Whole tumor'),
      labels: REGION_LABELS.WT,
      volumeMl: volumesMl.WT,
    },
    {
      name: 'TC',
      finding: own('TC', 'Tumor core'),
      labels: REGION_LABELS.TC,
      volumeMl: volumesMl.TC,
    },
  ]
  return [...classes, ...regions].map((measured) => volumeGroup(measured, request))
}

function volumeGroup(
  { name, finding, labels, volumeMl }: Measured,
  { uid, segmentation, planes }: MeasurementReportToWrite,
): DataSetContent {
  const segments = labels.flatMap((label) => segmentation.segmentOf.get(label) ?? [])
  return container(
    MEASUREMENT_GROUP,
    [
      ...identity(name, uid(`volume ${name}`), finding),
      ...(segments.length > 0
        ? [
            imageValue('CONTAINS', dcm('121191', 'Referenced Segment'), {
              ReferencedSOPClassUID: segmentation.sopClassUid,
              ReferencedSOPInstanceUID: segmentation.sopInstanceUid,
              ReferencedSegmentNumber: segments,
            }),
          ]
        : []),
      ...(planes.series
        ? [
            uidValue(
              'CONTAINS',
              dcm('121232', 'Source series for segmentation'),
              planes.series.seriesInstanceUid,
            ),
          ]
        : []),
      numberValue(sct('118565006', 'Volume'), rounded(volumeMl), MILLILITRE),
    ],
    segments.length > 0 ? '1411' : '1501',
  )
}

/** Both diameters of a lesion, their product, and the sum of the products with the first lesion (TID 1501). */
export function lesionGroup(lesion: Lesion, request: MeasurementReportToWrite): DataSetContent {
  const { planes, sliceAxis, uid, sumOfProductsMm2 } = request
  const image = sliceAxis === 2 ? planes.slices[lesion.slice].image : null
  const line = ({ from, to }: Lesion['longest']): DataSetContent[] =>
    image
      ? [
          lineOnImage([from[0] + 0.5, from[1] + 0.5, to[0] + 0.5, to[1] + 0.5], {
            ReferencedSOPClassUID: image.sopClassUid,
            ReferencedSOPInstanceUID: image.sopInstanceUid,
            ...(image.frameNumber !== null && { ReferencedFrameNumber: image.frameNumber }),
          }),
        ]
      : []
  const enhancing = LABEL_CLASSES[LABELS.enhancing - 1].type
  const { number, longest, perpendicular, productMm2, measurable } = lesion
  const name = `Enhancing lesion ${number}`
  return container(
    MEASUREMENT_GROUP,
    [
      ...identity(name, uid(name), enhancing),
      textValueItem(
        'CONTAINS',
        own('MEASURABLE', 'RANO measurable'),
        measurable ? 'measurable' : 'not measurable',
      ),
      numberValue(
        sct('103339001', 'Long Axis'),
        rounded(longest.lengthMm),
        MILLIMETRE,
        line(longest),
      ),
      numberValue(
        sct('103340004', 'Short Axis'),
        rounded(perpendicular.lengthMm),
        MILLIMETRE,
        line(perpendicular),
      ),
      numberValue(
        own('PRODUCT', 'Product of perpendicular diameters'),
        rounded(productMm2),
        SQUARE_MILLIMETRE,
      ),
      ...(number === 1
        ? [
            numberValue(
              own('SPD', 'Sum of products of perpendicular diameters'),
              rounded(sumOfProductsMm2),
              SQUARE_MILLIMETRE,
            ),
          ]
        : []),
    ],
    '1501',
  )
}

/** What a group is about, so that it can be followed from one visit to the next. */
const identity = (name: string, uid: string, finding: Code): DataSetContent[] => [
  textValueItem('HAS OBS CONTEXT', dcm('112039', 'Tracking Identifier'), name),
  uidValue('HAS OBS CONTEXT', dcm('112040', 'Tracking Unique Identifier'), uid),
  codeValue('CONTAINS', FINDING, finding),
  codeValue('HAS CONCEPT MOD', FINDING_SITE, BRAIN),
]
