import {
  GliadeskError,
  type CaseDetail,
  type CaseSummary,
  type Provenance,
  type ReviewState,
} from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import type { ChangeFeed } from '../changes/index.ts'
import { listVersions, type LabelService } from '../labels/index.ts'
import { notFound } from '../notFound.ts'
import { newestProposal } from '../proposals/index.ts'
import { caseProvenance } from '../provenance/index.ts'
import type { SettingsService } from '../settings/index.ts'
import { caseImages, caseWarnings, findCase, listCases } from './caseRecords.ts'
import { prioritise } from './priority.ts'

export interface CaseService {
  /** The worklist, most urgent first. */
  list(datasetId: string | null): CaseSummary[]
  /** @throws GliadeskError NOT_FOUND */
  get(caseId: string): CaseDetail
  /** @throws GliadeskError NOT_FOUND */
  provenance(caseId: string): Provenance[]
  /**
   * Approving signs the newest version: the reader's name, the time and the version's hash are recorded.
   * @throws GliadeskError WRONG_STATE where there is nothing to sign; BAD_INPUT for a flag without a reason
   */
  setReviewState(caseId: string, state: ReviewState, reason: string | null): Promise<CaseDetail>
}

export function createCaseService(services: {
  workspace: Workspace
  labels: LabelService
  settings: SettingsService
  changes: ChangeFeed
}): CaseService {
  const { workspace, labels, settings, changes } = services
  const { database, audit } = workspace

  const get = (caseId: string): CaseDetail => {
    const found = findCase(database, caseId)
    if (!found) throw notFound('case', caseId)
    return {
      ...prioritise([found])[0],
      images: caseImages(database, caseId),
      versions: listVersions(database, caseId),
      proposal: newestProposal(database, caseId),
      warnings: caseWarnings(database, caseId),
    }
  }
  const requireSignable = async (caseId: string): Promise<void> => {
    if (listVersions(database, caseId).length === 0) {
      throw new GliadeskError(
        'WRONG_STATE',
        'There is no saved label to approve in this case.',
        'Save a version first; an empty one says that there is no tumour.',
      )
    }
    if ((await labels.unsavedEdits(caseId)) > 0) {
      throw new GliadeskError(
        'WRONG_STATE',
        'The label has edits that are not in any saved version, so an approval would not cover them.',
        'Save a version first, or undo the edits.',
      )
    }
  }
  return {
    list: (datasetId) => prioritise(listCases(database, datasetId)),
    get,
    provenance: (caseId) => {
      if (!findCase(database, caseId)) throw notFound('case', caseId)
      return caseProvenance(database, caseId)
    },
    setReviewState: async (caseId, state, reason) => {
      get(caseId)
      if (state === 'flagged' && !reason?.trim()) {
        throw new GliadeskError(
          'BAD_INPUT',
          'A flag needs a reason, so that the next reader knows what to look for.',
          'Write a few words, e.g. "motion artefact".',
        )
      }
      if (state === 'approved') await requireSignable(caseId)
      const reader = settings.get().readerName
      const at = new Date().toISOString()
      database.transaction(() => {
        const signed = state === 'approved' ? listVersions(database, caseId).at(-1) : undefined
        database.run(
          'UPDATE cases SET review_state = :state, flag_reason = :reason, updated_at = :at WHERE id = :caseId',
          { caseId, state, reason: state === 'flagged' ? reason : null, at },
        )
        database.run(
          `INSERT INTO reviews (case_id, state, reason, reader, version_id, object_sha256, at)
           VALUES (:caseId, :state, :reason, :reader, :versionId, :objectSha256, :at)`,
          {
            caseId,
            state,
            reason,
            reader,
            versionId: signed?.id ?? null,
            objectSha256: signed?.objectSha256 ?? null,
            at,
          },
        )
        audit.append({
          actor: reader,
          action: `case.review.${state}`,
          subject: caseId,
          detail: { versionId: signed?.id ?? null, objectSha256: signed?.objectSha256 ?? null },
        })
      })
      changes.publish('cases', caseId)
      return get(caseId)
    },
  }
}
