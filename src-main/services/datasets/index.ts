export { createDatasetService, type DatasetService } from './datasetService.ts'
export type { ImportRequest } from './importFolder.ts'
