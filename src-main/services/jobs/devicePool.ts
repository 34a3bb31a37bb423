import { availableParallelism } from 'node:os'
import type { DeviceChoice, JobPlan } from '../../contract/index.ts'

/** Which devices of this computer jobs compute on at the moment. */
export interface DevicePool {
  /** Takes the devices a job needs; null where they are busy. */
  take(plan: JobPlan): readonly DeviceChoice[] | null
  give(devices: readonly DeviceChoice[]): void
  /** Variables that show an engine process its devices and hide the others. */
  environmentOf(devices: readonly DeviceChoice[]): Readonly<Record<string, string>>
}

/**
 * One job a graphics card, and some on the processor. Without a wish a job goes to a card where there is one, even if it has
 * to wait for it: on the processor it would take many times as long. A job of several processes takes as many cards.
 *
 * @param cards "cuda:0" …, those that can be used
 * @param processorJobs how many jobs may share the processor
 */
export function createDevicePool(
  cards: readonly DeviceChoice[],
  processorJobs: () => number,
): DevicePool {
  const busy = new Map<DeviceChoice, number>()
  const isFree = (device: DeviceChoice): boolean =>
    (busy.get(device) ?? 0) < (device === 'cpu' ? processorJobs() : 1)
  const wanted = (plan: JobPlan): readonly DeviceChoice[] | null => {
    const device = plan.device ?? 'auto'
    if (device !== 'auto') return [device]
    const canUseCard = plan.backend === 'auto' || plan.backend === 'tensorflow'
    if (!canUseCard && plan.backend !== 'wasm') return ['webgpu']
    if (!canUseCard || cards.length === 0) return ['cpu']
    const count = Math.min('processes' in plan ? plan.processes : 1, cards.length)
    const free = cards.filter(isFree)
    return free.length < count ? null : free.slice(0, count)
  }
  return {
    take: (plan) => {
      const devices = wanted(plan)
      if (!devices?.every(isFree)) return null
      for (const device of devices) busy.set(device, (busy.get(device) ?? 0) + 1)
      return devices
    },
    give: (devices) => {
      for (const device of devices) busy.set(device, (busy.get(device) ?? 1) - 1)
    },
    environmentOf: (devices) => {
      const numbers = devices.filter((id) => id.startsWith('cuda:')).map((id) => id.slice(5))
      if (numbers.length > 0) return { CUDA_VISIBLE_DEVICES: numbers.join(',') }
      const environment: Record<string, string> = {}
      // TensorFlow would otherwise lay its hands on a card that another job computes on.
      if (devices.includes('cpu') && cards.length > 0) environment.CUDA_VISIBLE_DEVICES = '-1'
      const sharing = processorJobs()
      if (devices.includes('cpu') && sharing > 1) {
        const threads = Number(process.env.GLIADESK_THREADS) || availableParallelism()
        environment.GLIADESK_THREADS = String(Math.max(1, Math.floor(threads / sharing)))
      }
      return environment
    },
  }
}
