import { GliadeskError, SEQUENCE_TITLES, canRead, type Model } from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { findCase } from '../cases/index.ts'
import { notFound } from '../notFound.ts'
import { findJob } from './jobRecords.ts'

/**
 * The corrected cases that a model may learn from. Held-out (test) cases are left out for good: what is learned
 * from cannot measure. The data sets are those of the cases and those that the model was trained on, so that what is
 * replayed is also what it came from: corrections from another scanner must not be all it sees.
 *
 * @throws GliadeskError NOT_FOUND; BAD_INPUT where a case has no saved label or lacks a sequence, or none is left
 */
export function selectCorrectedCases(
  workspace: Workspace,
  request: { readonly caseIds: readonly string[] },
  model: Pick<Model, 'name' | 'sequences' | 'network' | 'jobId'>,
): { caseIds: string[]; datasetIds: string[]; heldOut: number } {
  const chosen = [...new Set(request.caseIds)].map((caseId) => {
    const found = findCase(workspace.database, caseId)
    if (!found) throw notFound('case', caseId)
    if (found.versionCount === 0) {
      throw new GliadeskError(
        'BAD_INPUT',
        `${found.name} has no saved label to learn from.`,
        'Correct the case and save a version first.',
      )
    }
    const missing = model.sequences.find((sequence) => !found.sequences.includes(sequence))
    if (missing && !canRead(model, found.sequences)) {
      throw new GliadeskError(
        'BAD_INPUT',
        `${found.name} has no ${SEQUENCE_TITLES[missing]}, which ${model.name} reads.`,
        'Leave this case out, or fine-tune a model for the sequences that it has.',
      )
    }
    return found
  })
  const usable = chosen.filter(({ split }) => split !== 'test')
  if (usable.length === 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      'All chosen cases are held out to measure models; learning from them would make every later score lie.',
      'Correct and choose cases of the training or validation split.',
    )
  }
  return {
    caseIds: usable.map(({ id }) => id),
    datasetIds: [
      ...new Set([...usable.map(({ datasetId }) => datasetId), ...trainedOn(workspace, model)]),
    ],
    heldOut: chosen.length - usable.length,
  }
}

/** The data sets of the run that made a model; none for one that came with the program. */
function trainedOn({ database }: Workspace, { jobId }: Pick<Model, 'jobId'>): readonly string[] {
  if (jobId === null) return []
  const { plan } = findJob(database, jobId).job
  return 'datasetIds' in plan ? plan.datasetIds : []
}
