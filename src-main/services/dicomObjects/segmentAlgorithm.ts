import type { LabelVersion } from '../../contract/index.ts'
import type { SegmentAlgorithm } from '../../imaging/dicom/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { newestProposal } from '../proposals/index.ts'

/**
 * Who drew a version: a person by hand, or a person who accepted (a part of) a network's proposal, which is named then.
 */
export function segmentAlgorithm(
  { database }: Workspace,
  { caseId, origin, createdAt }: LabelVersion,
): SegmentAlgorithm {
  const proposal = newestProposal(database, caseId)
  const isAccepted = proposal?.state === 'accepted' || proposal?.state === 'partly-accepted'
  if (!proposal || !isAccepted || origin === 'import' || proposal.createdAt > createdAt) {
    return { type: 'MANUAL' }
  }
  return { type: 'SEMIAUTOMATIC', name: proposal.modelName, version: proposal.modelId }
}
