export { createInterchangeService, type InterchangeService } from './interchangeService.ts'
