export {
  decodeCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
  type CheckpointProgress,
  type ValidationScore,
} from './checkpoint.ts'
export type { FileSystemPort } from './fileSystemPort.ts'
export { readSafetensors, type SafetensorsFile } from './readSafetensors.ts'
export { writeFileAtomically } from './writeFileAtomically.ts'
export { writeSafetensors } from './writeSafetensors.ts'
