export { probeDevice, type ProbeDevice } from './probeDevice.ts'
export { createSystemService, type SystemService } from './systemService.ts'
