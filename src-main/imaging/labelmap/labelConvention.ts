import { LABELS } from '../../contract/anatomy.ts'
import type { LabelConvention } from '../../contract/anatomy.ts'

/** Value of enhancing tumour on disk in each convention. */
export const ENHANCING_ON_DISK: Record<LabelConvention, number> = { et4: 4, et3: 3 }

/**
 * Finds the convention from how often each value 0–4 occurs, or null where enhancing tumour is absent and the
 * values do not tell.
 */
export function detectConvention(counts: ReadonlyMap<number, number>): LabelConvention | null {
  if (counts.has(ENHANCING_ON_DISK.et4)) return 'et4'
  if (counts.has(ENHANCING_ON_DISK.et3)) return 'et3'
  return null
}

/** Canonical labels (enhancing = 3) as they are written to disk. The input is not changed. */
export function toDiskLabels(labels: Uint8Array, convention: LabelConvention): Uint8Array {
  // Not slice(): on a Node Buffer that would share memory.
  const written = new Uint8Array(labels)
  const enhancing = ENHANCING_ON_DISK[convention]
  if (enhancing === LABELS.enhancing) return written
  for (let i = 0; i < written.length; i++) {
    if (written[i] === LABELS.enhancing) written[i] = enhancing
  }
  return written
}
