export { decodeModelFile, encodeModelFile } from './modelFile.ts'
export type { Batch } from './batchSource.ts'
export type { BatchRequest } from './batchRequest.ts'
export type { PeerGradient } from './parallelGradient.ts'
export { createParallelPeer, type ParallelPeer } from './parallelPeer.ts'
export { runTraining } from './runTraining.ts'
export { createTrainingState, disposeTrainingState, type TrainingState } from './trainingState.ts'
export { observeTeacher, spokenLabels, trainStep } from './trainStep.ts'
export { workingVoxelMl } from './validateNetwork.ts'
export type { TrainedNetwork } from './trainedNetwork.ts'
export type {
  RunRequest,
  StartedBatches,
  StartedPeers,
  TrainingInputs,
  TrainingOutcome,
  TrainingPorts,
} from './trainingRun.ts'
