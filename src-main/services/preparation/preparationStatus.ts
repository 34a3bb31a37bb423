import {
  GliadeskError,
  SEQUENCES,
  SEQUENCE_TITLES,
  type PreparationStatus,
  type Sequence,
} from '../../contract/index.ts'
import { explainGridDifference, orientationCode, sameGrid } from '../../imaging/geometry/index.ts'
import { chooseReference } from '../../imaging/preparation/index.ts'
import type { Database } from '../../storage/index.ts'
import { caseImages } from '../cases/index.ts'
import { findOriginals } from './originals.ts'
import { appliedPreparation, previewOf } from './preparationRecords.ts'

/**
 * Where a case stands.
 *
 * @param unsavedEdits of its label
 * @throws GliadeskError WRONG_STATE where the case has no image
 */
export function preparationStatus(
  database: Database,
  caseId: string,
  unsavedEdits: number,
): PreparationStatus {
  const originals = findOriginals(database, caseId)
  const grids = Object.fromEntries(
    Object.entries(originals).map(([sequence, { grid }]) => [sequence, grid]),
  )
  const reference = chooseReference(grids)
  const referenceImage = reference && originals[reference]
  if (!reference || !referenceImage) {
    throw new GliadeskError(
      'WRONG_STATE',
      'The case has no image that could be prepared.',
      'Import its folder again.',
    )
  }
  const shown = caseImages(database, caseId)
  const entries = SEQUENCES.flatMap((sequence) => {
    const image = originals[sequence]
    if (!image) return []
    const names: [string, string] = [SEQUENCE_TITLES[sequence], SEQUENCE_TITLES[reference]]
    const difference = sameGrid(image.grid, referenceImage.grid)
      ? null
      : explainGridDifference(image.grid, referenceImage.grid, names)
    const orientation = orientationCode(image.grid.indexToWorld)
    return [[sequence, { image, orientation, difference }] as const]
  })
  return {
    originals: Object.fromEntries(entries),
    needed: entries.some(([sequence]: readonly [Sequence, unknown]) => !shown[sequence]),
    reference,
    blocked: whyBlocked(database, caseId, unsavedEdits),
    applied: appliedPreparation(database, caseId),
    preview: previewOf(database, caseId),
  }
}

/** Labels that a person drew or signed bind the grid they lie on. */
function whyBlocked(database: Database, caseId: string, unsavedEdits: number): string | null {
  if (unsavedEdits > 0) {
    return 'The label has edits that are not saved. Save or undo them, then prepare the case.'
  }
  const row = database.get<{ drawn: number; signed: number }>(
    `SELECT (SELECT count(*) FROM label_versions WHERE case_id = :caseId AND origin = 'reader') AS drawn,
       (SELECT count(*) FROM reviews WHERE case_id = :caseId AND version_id IS NOT NULL) AS signed`,
    { caseId },
  )
  if ((row?.drawn ?? 0) > 0) {
    return 'A reader saved labels on the present grid, and they would no longer fit. Import the images into a data set of their own to prepare them otherwise.'
  }
  if ((row?.signed ?? 0) > 0) {
    return 'The label that came with the case was signed on the present grid. Import the images into a data set of their own to prepare them otherwise.'
  }
  return null
}
