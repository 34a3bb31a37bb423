export { deepSupervisionLoss } from './deepSupervisionLoss.ts'
export { oneHotPyramid, type OneHotLevel } from './oneHotPyramid.ts'
export {
  segmentationLoss,
  type SegmentationLoss,
  type SegmentationLossWeights,
} from './segmentationLoss.ts'
