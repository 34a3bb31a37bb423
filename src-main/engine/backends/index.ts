export type { BackendReport } from './backendReport.ts'
export { inspectBackends } from './inspectBackends.ts'
export { openBackend } from './openBackend.ts'
