export { createAcquisitionService, type AcquisitionService } from './acquisitionService.ts'
