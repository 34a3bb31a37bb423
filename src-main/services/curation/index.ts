export { createCurationService, type CurationService } from './curationService.ts'
