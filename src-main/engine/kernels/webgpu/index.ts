export type { AdapterFacts } from './device/deviceCommands.ts'
export { RemoteDevice } from './device/remoteDevice.ts'
export {
  findSoftwareRasteriser,
  useSoftwareRasteriser,
  type SoftwareRasteriser,
} from './device/softwareRasteriser.ts'
export { registerWebgpuBackend } from './registerWebgpuBackend.ts'
export { WEBGPU_BACKEND } from './webgpuKernel.ts'
