import {
  GliadeskError,
  type ComputeDevice,
  type DeviceReport,
  type PlanRequest,
  type TrainingProposal,
} from '../../contract/index.ts'
import { proposeTraining, type PlannedDevice } from '../../engine/planning/index.ts'
import type { Workspace } from '../../storage/index.ts'
import type { SystemService } from '../system/index.ts'
import { fingerprintDataset } from './fingerprintDataset.ts'

export interface PlanningService {
  /**
   * Plans a training from a data set and a device, with reasons. Starts nothing and writes nothing.
   *
   * @throws GliadeskError NOT_FOUND, BAD_INPUT, BAD_FILE
   */
  propose(request: PlanRequest): Promise<TrainingProposal>
}

/** WebAssembly addresses no more. */
const WASM_BYTES = 4 * 2 ** 30

export function createPlanningService(
  workspace: Workspace,
  system: Pick<SystemService, 'devices'>,
): PlanningService {
  return {
    propose: async (request) => {
      const report = await system.devices(request.measure)
      const device = plannedDevice(chooseDevice(report, request), report)
      const { datasetId, maxCases, sequences, hours = null, overrides = {} } = request
      const fingerprint = await fingerprintDataset(workspace, datasetId, maxCases)
      return proposeTraining(fingerprint, device, { sequences, hours, overrides })
    },
  }
}

/** @throws GliadeskError BAD_INPUT where the wish cannot be had */
function chooseDevice(
  { devices }: DeviceReport,
  { device = 'auto', backend }: Pick<PlanRequest, 'device' | 'backend'>,
): ComputeDevice {
  const fitting = devices.filter(
    (one) =>
      (device === 'auto' || one.id === device) && (backend === 'auto' || one.backend === backend),
  )
  const usable = fitting.filter((one) => one.usable)
  const chosen = usable.find(({ isDefault }) => isDefault) ?? usable[0]
  if (chosen) return chosen
  throw new GliadeskError(
    'BAD_INPUT',
    `This computer cannot compute on "${device}" with ${backend}${fitting[0]?.reason ? `: ${fitting[0].reason}` : '.'}`,
    'Choose "auto", or one of the devices that "gliadesk doctor" lists.',
  )
}

function plannedDevice(
  { id, name, backend, kind, freeBytes, gflops }: ComputeDevice,
  { cores, availableBytes }: DeviceReport,
): PlannedDevice {
  // A card that does not say what it has, often one that shares the computer's memory, is counted with the computer.
  const free = freeBytes ?? availableBytes
  return {
    id,
    name,
    backend,
    kind,
    cores,
    availableBytes: backend === 'wasm' ? Math.min(free, WASM_BYTES) : free,
    gflops,
  }
}
