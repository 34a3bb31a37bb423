export {
  createDeidentificationService,
  type DeidentificationService,
} from './deidentificationService.ts'
