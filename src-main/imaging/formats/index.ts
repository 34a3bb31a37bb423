export { splitImageName } from './imageExtension.ts'
export { FORMAT_TITLES, readImage, type ImageFile, type ImageFormat } from './readImage.ts'
export { readSegmentation, type LabelLookup, type Segmentation } from './readSegmentation.ts'
export {
  SEGMENTATION_ENDINGS,
  writeSegmentation,
  type SegmentationEnding,
  type SegmentationWriteRequest,
} from './writeSegmentation.ts'
