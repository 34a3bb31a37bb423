export { probeDevice, type ProbeDevice } from './probeDevice.ts'
export { programVersion } from './programVersion.ts'
export { createSystemService, type SystemService } from './systemService.ts'
