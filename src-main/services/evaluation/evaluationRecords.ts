import { z } from 'zod'
import {
  caseScoreSchema,
  evaluationSchema,
  type CaseScore,
  type Evaluation,
  type Split,
} from '../../contract/index.ts'
import { summariseScores } from '../../imaging/metrics/index.ts'
import type { Database } from '../../storage/index.ts'
import { newId } from '../identifiers/index.ts'

interface EvaluationRow {
  id: string
  model_id: string
  dataset_id: string
  split: string
  scores_json: string
  created_at: string
}

const evaluationOf = (row: EvaluationRow): Evaluation => {
  const scores = z.array(caseScoreSchema).parse(JSON.parse(row.scores_json))
  return evaluationSchema.parse({
    id: row.id,
    modelId: row.model_id,
    datasetId: row.dataset_id,
    split: row.split,
    createdAt: row.created_at,
    scores,
    ...summariseScores(scores),
  })
}

/** Evaluations of a model, newest first. */
export function listEvaluations(database: Database, modelId: string): Evaluation[] {
  return database
    .all<EvaluationRow>(
      'SELECT * FROM evaluations WHERE model_id = :modelId ORDER BY created_at DESC, rowid DESC',
      { modelId },
    )
    .map(evaluationOf)
}

/** Records what a model reached; never overwrites an earlier evaluation. */
export function addEvaluation(
  database: Database,
  evaluation: {
    modelId: string
    datasetId: string
    split: Split
    jobId: string
    scores: readonly CaseScore[]
  },
): void {
  database.run(
    `INSERT INTO evaluations (id, model_id, dataset_id, split, job_id, scores_json, created_at)
     VALUES (:id, :modelId, :datasetId, :split, :jobId, :scores, :at)`,
    {
      id: newId('evaluation'),
      modelId: evaluation.modelId,
      datasetId: evaluation.datasetId,
      split: evaluation.split,
      jobId: evaluation.jobId,
      scores: JSON.stringify(evaluation.scores),
      at: new Date().toISOString(),
    },
  )
}
