export type { BackendReport } from './backendReport.ts'
export { inspectBackends } from './inspectBackends.ts'
export { openBackend } from './openBackend.ts'
export { findTensorflow } from './tensorflowBackend.ts'
export { nvidiaDriver } from './nvidiaDriver.ts'
export {
  bindingPath,
  readInstallation,
  recordPath,
  TENSORFLOW_VERSION,
  tensorflowFolder,
} from './tensorflowInstallation.ts'
export type { InstallationRecord, TensorflowVariant } from './tensorflowInstallation.ts'
