import type { ComputeDevice } from '../../contract/index.ts'
import { fixed, table } from './table.ts'

const GIB = 2 ** 30

/** Devices as a table, below it why some cannot be used; "*" marks what a job takes where nothing is chosen. */
export function deviceTable(devices: readonly ComputeDevice[]): string {
  const rows = devices.map((device) => [
    device.isDefault ? `${device.id} *` : device.id,
    device.name,
    device.usable ? device.description : `${device.backend}: not usable`,
    device.memoryBytes === null ? '–' : fixed(device.memoryBytes / GIB, 1),
    device.freeBytes === null ? '–' : fixed(device.freeBytes / GIB, 1),
    device.driver ?? '–',
    fixed(device.gflops, 0),
  ])
  const reasons = devices
    .filter(({ reason }) => reason !== null)
    .map(({ id, backend, reason }) => `${nameOf(id, backend)}: ${reason}`)
  const details = devices.flatMap(({ id, backend, details = [] }) =>
    details.map((detail) => `${nameOf(id, backend)}: ${detail}`),
  )
  const notes = [...reasons, ...details]
  return [
    table(['device', 'name', 'computes with', 'GiB', 'free', 'driver', 'GFLOP/s'], rows),
    '* used unless another is asked for',
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n')
}

const nameOf = (id: string, backend: string): string => (id === backend ? id : `${id}, ${backend}`)
