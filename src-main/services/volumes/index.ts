export { createVolumeService, type VolumeService } from './volumeService.ts'
