export { isStripped, measureIntensities } from './measureIntensities.ts'
export { coarsen, mirrorFit, type CoarseImage } from './mirrorFit.ts'
export { robustScores } from './robustScores.ts'
