import type { EngineResult, Job, PredictedCase } from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { findCase } from '../cases/index.ts'
import { addEvaluation } from '../evaluation/index.ts'
import { findModel, keepFitted, type ModelService } from '../models/index.ts'
import type { ProposalService } from '../proposals/index.ts'
import { predictedCaseIds } from './jobRecords.ts'

export interface ResultServices {
  readonly workspace: Workspace
  readonly models: ModelService
  readonly proposals: ProposalService
}

/** Turns one predicted case into a proposal, unless it has its proposal from this job already. */
export async function keepPrediction(
  services: ResultServices,
  job: Job,
  prediction: PredictedCase,
): Promise<void> {
  const { workspace, proposals } = services
  if (job.plan.kind !== 'predict') return
  if (predictedCaseIds(workspace.database, job.id).has(prediction.caseId)) return
  await proposals.add(prediction, findModel(workspace.database, job.plan.modelId), job.id)
}

/**
 * Stores what an engine delivered.
 *
 * @param evaluated the data set and split that an evaluation was about
 * @returns the id of the new model, or null where the result is none
 */
export async function keepResult(
  services: ResultServices,
  job: Job,
  result: EngineResult,
  evaluated: { datasetId: string; split: 'train' | 'validation' | 'test' | 'none' } | null,
): Promise<string | null> {
  const { workspace, models } = services
  const { database } = workspace
  if (result.kind === 'predictions') {
    for (const prediction of result.cases) await keepPrediction(services, job, prediction)
    return null
  }
  if (result.kind === 'evaluations') {
    database.transaction(() => {
      for (const { modelId, scores, fitted } of result.models) {
        if (evaluated && fitted) {
          keepFitted(database, modelId, {
            ...fitted,
            datasetId: evaluated.datasetId,
            fittedAt: new Date().toISOString(),
          })
          continue
        }
        if (evaluated) addEvaluation(database, { modelId, ...evaluated, jobId: job.id, scores })
      }
    })
    return null
  }
  const { plan } = job
  if (plan.kind === 'predict' || plan.kind === 'evaluate') return null
  const parents = [plan.initialModelId, plan.teacherModelId].filter((id) => id !== null)
  const isSynthetic =
    parents.some((id) => findModel(database, id).trainedOnSynthetic) ||
    plan.datasetIds.some((id) => isSyntheticDataset(workspace, id)) ||
    (plan.finetune?.correctedCaseIds ?? []).some((id) => findCase(database, id)?.synthetic)
  return (await models.addFromJob(job.id, plan, result, isSynthetic)).id
}

function isSyntheticDataset(workspace: Workspace, datasetId: string): boolean {
  const row = workspace.database.get<{ synthetic: number }>(
    'SELECT synthetic FROM datasets WHERE id = :datasetId',
    { datasetId },
  )
  return row?.synthetic === 1
}
