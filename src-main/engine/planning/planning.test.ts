import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  DEFAULT_DISTILLATION,
  recipeSchema,
  trainingPlanSchema,
  type Recipe,
} from '../../contract/index.ts'
import { divisorOf } from '../networks/patchDivisor.ts'
import { planDistillation } from './planDistillation.ts'
import { planFinetuning } from './planFinetuning.ts'
import { planTraining } from './planTraining.ts'

const folder = new URL('../../../models/recipes/', import.meta.url)
const recipes: Recipe[] = readdirSync(folder).map((name) =>
  recipeSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
)
const compact = recipes.find((recipe) => recipe.id === 'unet-compact')!

const request = {
  name: 'Teacher',
  datasetId: 'cohort-one',
  recipeId: 'unet-compact',
  sequences: ['flair', 't1', 't1ce', 't2'] as ('flair' | 't1' | 't1ce' | 't2')[],
  role: 'teacher' as const,
  steps: null,
  seed: 7,
  backend: 'auto' as const,
}
const teacher = {
  id: 'teacher-one',
  name: 'Teacher one',
  role: 'teacher' as const,
  sequences: request.sequences,
  network: compact.network,
}

describe('the shipped recipes', () => {
  it.each(recipes.map((recipe) => [recipe.id, recipe] as const))(
    '%s has patches its network divides',
    (_id, recipe) => {
      for (const side of recipe.patchSize) expect(side % divisorOf(recipe.network)).toBe(0)
    },
  )
})

describe('a training plan', () => {
  it('is complete and takes its length from the recipe unless told otherwise', () => {
    expect(planTraining(request, compact).steps).toBe(compact.steps)
    const short = planTraining({ ...request, steps: 3 }, compact)
    expect(short.steps).toBe(3)
    expect(short.validateEverySteps).toBe(1)
    expect(short.checkpointEverySteps).toBe(3)
    expect(short.optimiser.warmupSteps).toBeLessThan(short.steps)
  })
})

describe('the optimiser of a plan', () => {
  it('is Adam at the recipe’s rate, or nnU-Net’s descent where asked for', () => {
    const { learningRate } = compact
    expect(planTraining(request, compact).optimiser).toMatchObject({ kind: 'adam', learningRate })
    expect(planTraining({ ...request, optimiser: 'sgd' }, compact).optimiser).toMatchObject({
      kind: 'sgd',
      learningRate: 0.01,
      momentum: 0.99,
      nesterov: true,
    })
  })

  it('reads plans stored before there was a choice', () => {
    const plan = planTraining(request, compact)
    expect(trainingPlanSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan)
    const { kind, ...rest } = plan.optimiser
    expect(trainingPlanSchema.safeParse({ ...plan, optimiser: rest }).success).toBe(false)
    expect(
      trainingPlanSchema.parse({ ...plan, optimiser: { kind: 'sgd', ...rest } }).optimiser,
    ).toMatchObject({ momentum: 0.99, nesterov: true })
    expect(kind).toBe('adam')
  })
})

describe('a distillation plan', () => {
  const distil = {
    ...request,
    sequences: ['flair'] as 'flair'[],
    teacherModelId: teacher.id,
    distillation: DEFAULT_DISTILLATION.logits,
  }

  it('differs from the plan without a teacher by the guidance alone', () => {
    const guided = planDistillation(distil, compact, teacher)
    const alone = planTraining({ ...request, sequences: ['flair'], role: 'student' }, compact)
    expect({ ...guided, ...pick(alone) }).toEqual(alone)
    expect(guided.teacherModelId).toBe('teacher-one')
  })

  it('refuses a student of sequences the teacher never saw', () => {
    const blind = { ...teacher, sequences: ['t1' as const, 't2' as const] }
    expect(() => planDistillation(distil, compact, blind)).toThrow(/was not trained on FLAIR/)
  })

  it('refuses to share the published loss, whose random edges follow one another', () => {
    const published = { ...distil, distillation: DEFAULT_DISTILLATION['gkd-published'] }
    const shared = { ...published, resources: { processes: 2 } }
    expect(() => planDistillation(shared, compact, teacher)).toThrow(/several processes/)
    expect(planDistillation(published, compact, teacher).processes).toBe(1)
  })

  it('refuses a teacher on other voxels', () => {
    const fine = { ...teacher, network: { ...compact.network, spacingMm: 1 } }
    expect(() => planDistillation(distil, compact, fine)).toThrow(/voxels of 1 mm/)
  })
})

const pick = (plan: ReturnType<typeof planTraining>) => ({
  kind: plan.kind,
  teacherModelId: plan.teacherModelId,
  distillation: plan.distillation,
})

describe('a fine-tuning plan', () => {
  const finetune = {
    name: null,
    modelId: teacher.id,
    caseIds: ['case-one'],
    steps: null,
    backend: 'auto' as const,
  }
  const context = { datasetIds: ['cohort-one'], recipes }

  it('starts from the model, at a lower rate, with replay', () => {
    const plan = planFinetuning(finetune, teacher, context)
    expect(plan.initialModelId).toBe('teacher-one')
    expect(plan.optimiser.learningRate).toBeLessThan(compact.learningRate)
    expect(plan.finetune?.correctedCaseIds).toEqual(['case-one'])
    expect(plan.patchSize).toEqual(compact.patchSize)
    expect(plan.name).toBe('Teacher one, improved')
  })

  it('finds a patch for a network that no recipe describes', () => {
    const network = { ...compact.network, channels: [4, 8, 16, 32, 64] }
    const plan = planFinetuning(finetune, { ...teacher, network }, context)
    for (const side of plan.patchSize) expect(side % 16).toBe(0)
  })
})
