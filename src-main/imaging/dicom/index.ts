export { assembleVolume } from './read/assembleVolume.ts'
export { bytesAsSource, type ByteSource } from './read/byteSource.ts'
export type { DicomFrame, DicomInstance } from './read/dicomInstance.ts'
export { groupStacks, planeOf, type FrameGroup } from './read/groupStacks.ts'
export { readDirectory } from './read/readDirectory.ts'
export { readInstance, type ReadInstance } from './read/readInstance.ts'
export { separateRepeats } from './read/separateRepeats.ts'
export { stackGeometry, type SliceStack } from './read/stackGeometry.ts'
export {
  isPrivate,
  tagName,
  type LeafElement,
  type SequenceElement,
  type TreeElement,
  type TreeItem,
} from './rewrite/dataSetTree.ts'
export { dictionaryVr } from './rewrite/dictionaryVr.ts'
export { openForRewrite, type OpenedDicom } from './rewrite/openForRewrite.ts'
export { writeRewritten, type RewrittenDicom } from './rewrite/writeRewritten.ts'
export { meaningOfSegment, readSegmentationLabels } from './segmentation/readSegmentationLabels.ts'
export { readSegmentationObject } from './segmentation/readSegmentationObject.ts'
export type { SegmentationObject } from './segmentation/segmentationObject.ts'
export {
  binaryClasses,
  SEGMENTATION_CLASS,
  writeSegmentationObject,
  type SegmentAlgorithm,
} from './segmentation/writeSegmentationObject.ts'
export type { DerivedObject } from './write/derivedObject.ts'
export { planesOfGrid, planesOfSource, type ImagePlanes } from './write/imagePlanes.ts'
export { readPatientStudy } from './write/readPatientStudy.ts'
export { uidFromBytes, type UidSource } from './write/uid.ts'
export { writeMeasurementReport } from './report/writeMeasurementReport.ts'
export { writeStructureSet } from './rtstruct/writeStructureSet.ts'
