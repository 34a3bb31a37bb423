import { availableParallelism, loadavg } from 'node:os'

/** Says how busy the machine is besides, without which a time means little. */
export function describeLoad(): string {
  const [minute, , quarter] = loadavg()
  const busy =
    minute > availableParallelism() ? ', BUSY: times are not those of an idle machine' : ''
  return `load average ${minute.toFixed(1)} (1 min), ${quarter.toFixed(1)} (15 min) on ${availableParallelism()} cores${busy}`
}
