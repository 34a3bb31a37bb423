import type { NetworkConfig } from '../../contract/index.ts'
import { convolutionsOf } from './networkWidths.ts'

/** How many values `buildNetwork` learns, without building it. */
export function countParameters(
  config: NetworkConfig,
  inChannels: number,
  classes: number,
): number {
  const learned = { norm: 2, bias: 1 }
  return convolutionsOf(config, inChannels, classes).reduce(
    (sum, { from, to, weights, extra }) =>
      sum + to * (weights * from + (extra ? learned[extra] : 0)),
    0,
  )
}
