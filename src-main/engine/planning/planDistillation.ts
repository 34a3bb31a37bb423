import type { z } from 'zod'
import {
  GliadeskError,
  SEQUENCE_TITLES,
  trainingPlanSchema,
  type distilRequestSchema,
  type Model,
  type Recipe,
  type TrainingPlan,
} from '../../contract/index.ts'
import { commonPlan } from './planDefaults.ts'
import { planResources, recipeWithResources } from './planResources.ts'

export type DistilRequest = z.infer<typeof distilRequestSchema>

/**
 * Turns what a person chose into a complete plan for training a student under a teacher. Apart from the guidance
 * the plan equals `planTraining`'s, so that a student with and one without a teacher can be compared.
 *
 * @throws GliadeskError BAD_INPUT where the student would read a sequence that the teacher does not, or teacher
 *   and student work on voxels of different size
 */
export function planDistillation(
  request: DistilRequest,
  recipe: Recipe,
  teacher: Pick<Model, 'id' | 'name' | 'sequences' | 'network'>,
): TrainingPlan {
  const unknown = request.sequences.find((sequence) => !teacher.sequences.includes(sequence))
  if (unknown) {
    throw new GliadeskError(
      'BAD_INPUT',
      `The teacher ${teacher.name} was not trained on ${SEQUENCE_TITLES[unknown]}, which the student is to read.`,
      'Choose sequences among those of the teacher, or another teacher.',
    )
  }
  if (teacher.network.spacingMm !== recipe.network.spacingMm) {
    throw new GliadeskError(
      'BAD_INPUT',
      `The teacher ${teacher.name} works on ${describeSpacing(teacher.network.spacingMm)}, the recipe ${recipe.title} on ${describeSpacing(recipe.network.spacingMm)}, so their answers cannot be compared voxel by voxel.`,
      'Choose a recipe of the same voxel size as the teacher’s.',
    )
  }
  const resources = planResources(request.resources)
  if (resources.processes > 1 && request.distillation.strategy === 'gkd-published') {
    throw new GliadeskError(
      'BAD_INPUT',
      'The published GKD loss draws random edges one batch after the other, which several processes cannot share.',
      'Use one process, or the strategy "gkd".',
    )
  }
  return trainingPlanSchema.parse({
    ...commonPlan(
      recipeWithResources(recipe, request.resources),
      request.steps ?? recipe.steps,
      request.optimiser,
    ),
    ...resources,
    kind: 'distil',
    name: request.name,
    role: 'student',
    seed: request.seed,
    datasetIds: [request.datasetId],
    sequences: request.sequences,
    teacherModelId: teacher.id,
    initialModelId: null,
    distillation: request.distillation,
    pool: request.pool ?? null,
    startFromTeacher: request.startFromTeacher ?? false,
    finetune: null,
    backend: request.backend,
  })
}

const describeSpacing = (spacingMm: number | undefined): string =>
  spacingMm === undefined ? 'the images’ own voxels' : `voxels of ${spacingMm} mm`
