import { REGION_LABELS } from '../../contract/anatomy.ts'
import type { Region } from '../../contract/anatomy.ts'

/** One where a canonical label belongs to a region, else zero. */
export function regionMask(labels: Uint8Array, region: Region): Uint8Array {
  const member = new Uint8Array(256)
  for (const label of REGION_LABELS[region]) member[label] = 1
  const mask = new Uint8Array(labels.length)
  for (let i = 0; i < labels.length; i++) mask[i] = member[labels[i]]
  return mask
}
