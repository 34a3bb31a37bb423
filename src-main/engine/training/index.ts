export { decodeModelFile, encodeModelFile } from './modelFile.ts'
export { runTraining } from './runTraining.ts'
export type { TrainedNetwork } from './trainedNetwork.ts'
export type { RunRequest, TrainingInputs, TrainingOutcome, TrainingPorts } from './trainingRun.ts'
