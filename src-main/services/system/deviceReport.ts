import type { ComputeDevice, DeviceInfo, DeviceReport } from '../../contract/index.ts'
import type { BackendFacts, MachineFacts } from './inspectMachine.ts'

/**
 * Names every backend on every device, what it may use, and which one a job takes where nothing is chosen. Graphics cards come
 * first. What draws on the processor is a processor, whatever it calls itself.
 *
 * @param inUse what a job with nothing chosen obtains
 * @param measuredAt when `facts` were measured; null where they were not
 */
export function deviceReport(
  facts: MachineFacts,
  inUse: Pick<DeviceInfo, 'backend' | 'gpu'>,
  measuredAt: string | null,
): DeviceReport {
  const { processor, cores, memoryBytes, availableBytes } = facts
  const devices = [
    ...cardDevices(facts),
    ...facts.onProcessor.map((one) => onProcessor(facts, one)),
  ]
  const chosen = devices.find(
    ({ usable, backend, kind }) =>
      usable && backend === inUse.backend && (kind === 'graphics') === inUse.gpu,
  )
  return {
    devices: devices.map((device) => ({ ...device, isDefault: device === chosen })),
    processor,
    cores,
    memoryBytes,
    availableBytes,
    measuredAt,
  }
}

function cardDevices({ cards, onCard, onProcessor }: MachineFacts): ComputeDevice[] {
  const without = onProcessor.find(({ name }) => name === 'tensorflow')
  return cards.map((card) => {
    const found = onCard.get(card.index)
    const usable = found?.usable === true && found.gpu
    return {
      id: `cuda:${card.index}`,
      kind: 'graphics',
      name: card.name,
      backend: 'tensorflow',
      description: found?.usable ? found.description : 'TensorFlow',
      memoryBytes: card.memoryBytes,
      freeBytes: card.freeBytes,
      driver: card.driver,
      usable,
      reason: usable ? null : whyNoCard(found, without),
      gflops: usable ? (found.gflops ?? null) : null,
      isDefault: false,
    }
  })
}

function whyNoCard(found: BackendFacts | undefined, without: BackendFacts | undefined): string {
  if (found?.usable) {
    return 'TensorFlow is set up for the processor only, or finds no use for this card: run "npm run setup:tensorflow -- --gpu".'
  }
  return found?.reason ?? without?.reason ?? 'TensorFlow is not set up for this card.'
}

function onProcessor(facts: MachineFacts, found: BackendFacts): ComputeDevice {
  // WebGPU that cannot be used is a card that was not found, not a processor.
  const isCard = found.gpu || (found.name === 'webgpu' && !found.usable)
  return {
    id: found.name === 'tensorflow' || found.name === 'wasm' ? 'cpu' : 'webgpu',
    kind: isCard ? 'graphics' : 'processor',
    name: !isCard ? facts.processor : found.usable ? found.description : 'Graphics card',
    backend: found.name,
    description: found.description,
    memoryBytes: isCard ? null : facts.memoryBytes,
    freeBytes: isCard ? null : facts.availableBytes,
    driver: null,
    usable: found.usable,
    reason: found.reason,
    details: found.details,
    gflops: found.gflops,
    isDefault: false,
  }
}
