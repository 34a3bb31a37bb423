import { createHash } from 'node:crypto'
import { uidFromBytes, type UidSource } from '../../imaging/dicom/index.ts'

/** UIDs that follow from a seed: the same export gives the same UIDs, another one gives others. */
export const uidsOf =
  (seed: string): UidSource =>
  (role) =>
    uidFromBytes(createHash('sha256').update(`${seed}\n${role}`).digest())
