export { createDicomObjectService, type DicomObjectService } from './dicomObjectService.ts'
