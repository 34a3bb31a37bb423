import type { Command } from 'commander'
import {
  DEFAULT_DISTILLATION,
  DEFAULT_POOL,
  type BackendChoice,
  type DistillationStrategy,
  type OptimiserKind,
  type Sequence,
} from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { findByName } from '../findByName.ts'
import { followJob } from '../followJob.ts'
import {
  backendOption,
  numberBetween,
  optimiserOption,
  recipeOption,
  seedOption,
  sequenceList,
  stepsOption,
  strategyOption,
} from '../options.ts'
import { reportModel } from '../reportModel.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { readProposal } from './plan.ts'
import {
  addResourceOptions,
  reportMemory,
  resourcesOf,
  type ResourceOptions,
} from '../trainingResources.ts'

interface DistilOptions extends ResourceOptions {
  readonly dataset: string
  readonly teacher: string
  readonly sequence: Sequence[]
  readonly strategy: DistillationStrategy
  readonly recipe: string
  readonly plan?: string
  readonly steps?: number
  readonly optimiser: OptimiserKind
  readonly seed: number
  readonly name?: string
  readonly pool?: string
  readonly poolFraction: number
  readonly startFromTeacher?: true
  readonly backend: BackendChoice
}

export function registerDistil(program: Command, runner: CommandRunner): void {
  const definition = program
    .command('distil')
    .description('train a student that needs fewer sequences, guided by a teacher')
    .requiredOption('--dataset <name|folder>', 'the data set; a folder is imported first')
    .requiredOption('--teacher <name>', 'the teacher model, by name or id')
    .option('--sequence <list>', 'what the student sees', sequenceList, ['flair'])
    .addOption(strategyOption())
    .option(
      '--pool <name|folder>',
      'cases without labels that the teacher speaks for; the labelled cases stay those of --dataset',
    )
    .option(
      '--pool-fraction <share>',
      'share of each batch that comes from the pool, added to the labelled patches',
      numberBetween(0.05, 0.9),
      DEFAULT_POOL.fraction,
    )
    .option(
      '--start-from-teacher',
      'begin with the teacher’s weights, narrowed where the student is narrower',
    )
    .addOption(recipeOption())
    .option(
      '--plan <file>',
      'what "gliadesk plan --out" wrote, in place of a recipe: network, patch, batch, rate, steps',
    )
    .addOption(stepsOption())
    .addOption(optimiserOption())
    .addOption(seedOption())
    .option('--name <name>', 'what to call the model')
    .addOption(backendOption())
  addResourceOptions(definition).action(async (options: DistilOptions, command: Command) => {
    await runner.withWorkspace(command, async (context) => {
      const { client } = context
      const dataset = await resolveDataset(context, options.dataset)
      const pool = options.pool ? await resolveDataset(context, options.pool) : null
      const teacher = findByName('model', options.teacher, await client.models.list({}))
      const recipe =
        options.plan === undefined ? undefined : (await readProposal(options.plan)).recipe
      const recipeId = recipe?.id ?? options.recipe
      await reportMemory(context, {
        subject: { kind: 'recipe', recipeId, recipe },
        sequences: options.sequence,
        teacherModelId: teacher.id,
        distillation: DEFAULT_DISTILLATION[options.strategy],
        backend: options.backend,
        resources: resourcesOf(options),
      })
      const job = await client.jobs.distil({
        name: options.name ?? `student ${options.sequence.join('+')} ${options.strategy}`,
        datasetId: dataset.id,
        recipeId,
        recipe,
        sequences: options.sequence,
        teacherModelId: teacher.id,
        distillation: DEFAULT_DISTILLATION[options.strategy],
        pool: pool
          ? { ...DEFAULT_POOL, datasetIds: [pool.id], fraction: options.poolFraction }
          : null,
        startFromTeacher: options.startFromTeacher ?? false,
        steps: options.steps ?? null,
        optimiser: options.optimiser,
        seed: options.seed,
        backend: options.backend,
        resources: resourcesOf(options),
      })
      await reportModel(context, await followJob(client, context.report, job))
    })
  })
}
