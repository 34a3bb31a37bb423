import {
  GliadeskError,
  type EvaluationPlan,
  type JobManifest,
  type ManifestCase,
  type ManifestModel,
  type PredictionPlan,
  type TrainingPlan,
} from '../../contract/index.ts'
import type { Workspace } from '../../storage/index.ts'
import { findModel, fittedInference } from '../models/index.ts'
import { manifestCase, manifestCases, type CaseReader } from './manifestCases.ts'

/** What every manifest says besides its plan. */
interface RunPlace {
  readonly jobId: string
  readonly folder: string
}

const manifestModel = (workspace: Workspace, modelId: string): ManifestModel => {
  const model = findModel(workspace.database, modelId)
  const { weightsSha256, network, sequences } = model
  const own = { modelId, weightsPath: workspace.objects.pathOf(weightsSha256), network, sequences }
  if (!model.memberIds) return own
  const members = model.memberIds.map((id) => findModel(workspace.database, id))
  return {
    ...own,
    members: members.map((member) => ({
      weightsPath: workspace.objects.pathOf(member.weightsSha256),
      network: member.network,
    })),
  }
}

const empty = { training: [], validation: [], corrected: [], subjects: [], resumeFrom: null }

/** @throws GliadeskError BAD_INPUT where no case fits */
export function trainingManifest(
  workspace: Workspace,
  plan: TrainingPlan,
  place: RunPlace & { readonly resumeFrom: string | null },
): JobManifest {
  const modelIds = [plan.teacherModelId, plan.initialModelId].filter((id) => id !== null)
  const models = modelIds.map((id) => manifestModel(workspace, id))
  if (models.some(({ members }) => members)) throw cannotTrainEnsemble()
  const readers = [plan, ...models]
  const correctedIds = new Set(plan.finetune?.correctedCaseIds ?? [])
  const wanted = { datasetIds: plan.datasetIds, readers, except: correctedIds }
  const { fold } = plan
  const training = manifestCases(workspace, {
    ...wanted,
    split: fold ? { ...fold, isInside: false } : 'train',
    // A teacher can speak for cases that nobody has labelled; with a pool it does so there alone.
    needsLabel: plan.kind !== 'distil' || plan.pool !== null,
  })
  const corrected = [...correctedIds].map((id) => manifestCase(workspace, id))
  if (training.length + corrected.length === 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      'No case of the training pool has the sequences that this network reads and a label to learn from.',
      'Choose other sequences, import cases with segmentations, or save a version on some cases first.',
    )
  }
  return {
    ...empty,
    ...place,
    plan,
    training,
    validation: manifestCases(workspace, {
      ...wanted,
      split: fold ? { ...fold, isInside: true } : 'validation',
      needsLabel: true,
    }),
    corrected,
    pool: poolCases(workspace, plan, readers, [...training, ...corrected]),
    models,
  }
}

/**
 * The cases of a plan's pool, of the training split alone: what is held out may be labelled one day and must not have
 * been learned from. Their labels stay behind.
 *
 * @throws GliadeskError BAD_INPUT where the pool is empty
 */
function poolCases(
  workspace: Workspace,
  { pool }: TrainingPlan,
  readers: readonly CaseReader[],
  labelled: readonly ManifestCase[],
): ManifestCase[] {
  if (!pool) return []
  const only = new Set(pool.caseIds)
  const cases = manifestCases(workspace, {
    datasetIds: pool.datasetIds,
    split: 'train',
    readers,
    needsLabel: false,
    except: new Set(labelled.map(({ caseId }) => caseId)),
  }).filter(({ caseId }) => only.size === 0 || only.has(caseId))
  if (cases.length === 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      'The pool holds no training case with every sequence that teacher and student read, besides those that are learned from with their labels.',
      'Choose a data set with such cases for the pool, or leave the pool out.',
    )
  }
  return cases.map((item) => ({ ...item, label: null }))
}

export function predictionManifest(
  workspace: Workspace,
  plan: PredictionPlan,
  place: RunPlace & { readonly done: ReadonlySet<string> },
): JobManifest {
  const { jobId, folder, done } = place
  return {
    ...empty,
    jobId,
    folder,
    plan,
    subjects: plan.caseIds
      .filter((caseId) => !done.has(caseId))
      .map((caseId) => manifestCase(workspace, caseId)),
    models: [manifestModel(workspace, plan.modelId)],
  }
}

/** @throws GliadeskError BAD_INPUT where the split holds no labelled case with the sequences of every model */
export function evaluationManifest(
  workspace: Workspace,
  plan: EvaluationPlan,
  place: RunPlace,
): JobManifest {
  const models = plan.modelIds.map((id) => ({
    ...manifestModel(workspace, id),
    inference: fittedInference(findModel(workspace.database, id)),
  }))
  const subjects = manifestCases(workspace, {
    datasetIds: [plan.datasetId],
    split: plan.split,
    readers: models,
    needsLabel: true,
  })
  if (subjects.length === 0) {
    throw new GliadeskError(
      'BAD_INPUT',
      `The data set has no labelled case in its ${plan.split} split with the sequences that these models read.`,
      'Choose another split or data set, or save a version on held-out cases first.',
    )
  }
  return { ...empty, ...place, plan, subjects, models }
}

function cannotTrainEnsemble(): GliadeskError {
  return new GliadeskError(
    'BAD_INPUT',
    'An ensemble is several networks: it can neither be fine-tuned nor teach a student.',
    'Choose one of its members.',
  )
}
