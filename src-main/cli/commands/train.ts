import type { Command } from 'commander'
import {
  SEQUENCES,
  type BackendChoice,
  type Fold,
  type OptimiserKind,
  type Sequence,
} from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { followJob } from '../followJob.ts'
import {
  backendOption,
  foldOf,
  numberBetween,
  optimiserOption,
  recipeOption,
  seedOption,
  sequenceList,
  stepsOption,
  wholeNumber,
} from '../options.ts'
import { readProposal } from './plan.ts'
import { reportModel } from '../reportModel.ts'
import { resolveDataset } from '../resolveDataset.ts'
import {
  addResourceOptions,
  reportMemory,
  resourcesOf,
  type ResourceOptions,
} from '../trainingResources.ts'

interface TrainOptions extends ResourceOptions {
  readonly dataset: string
  readonly recipe: string
  readonly plan?: string
  readonly sequences: Sequence[]
  readonly sequenceDropout: number
  readonly steps?: number
  readonly fold?: Fold
  readonly averageDecay?: number
  readonly patience?: number
  readonly optimiser: OptimiserKind
  readonly seed: number
  readonly name?: string
  readonly backend: BackendChoice
}

export function registerTrain(program: Command, runner: CommandRunner): void {
  const definition = program
    .command('train')
    .description('train a network on labelled cases (a teacher sees all four sequences)')
    .requiredOption('--dataset <name|folder>', 'the data set; a folder is imported first')
    .addOption(recipeOption())
    .option(
      '--plan <file>',
      'what "gliadesk plan --out" wrote, in place of a recipe; other options override it',
    )
    .option('--sequences <list>', 'input sequences, e.g. flair,t1ce', sequenceList, [...SEQUENCES])
    .option(
      '--sequence-dropout <chance>',
      'blank each sequence of a patch with this chance, so that the network reads any subset of them',
      numberBetween(0, 0.9),
      0,
    )
    .addOption(stepsOption())
    .option('--fold <k/n>', 'validate on this of n folds of patients, train on the others', foldOf)
    .option(
      '--average-decay <decay>',
      'keep a moving average of the weights, e.g. 0.99',
      numberBetween(0, 0.99999),
    )
    .option('--patience <count>', 'end after so many validations without progress', wholeNumber(1))
    .addOption(optimiserOption())
    .addOption(seedOption())
    .option('--name <name>', 'what to call the model')
    .addOption(backendOption())
  addResourceOptions(definition).action(async (options: TrainOptions, command: Command) => {
    await runner.withWorkspace(command, async (context) => {
      const dataset = await resolveDataset(context, options.dataset)
      const proposal = options.plan === undefined ? null : await readProposal(options.plan)
      /** What was typed wins over the plan, which wins over the defaults. */
      const chosen = <K extends keyof TrainOptions>(option: K, planned?: TrainOptions[K]) =>
        planned !== undefined && command.getOptionValueSource(option) === 'default'
          ? planned
          : options[option]
      const sequences = chosen('sequences', proposal?.sequences)
      const backend = chosen('backend', proposal?.backend)
      const resources = { ...resourcesOf(options), device: chosen('device', proposal?.device) }
      const role = sequences.length > 1 ? 'teacher' : 'student'
      const recipe = proposal?.recipe
      const recipeId = recipe?.id ?? options.recipe
      await reportMemory(context, {
        subject: { kind: 'recipe', recipeId, recipe },
        sequences,
        teacherModelId: null,
        distillation: null,
        backend,
        resources,
      })
      const job = await context.client.jobs.train({
        name: options.name ?? `${role} ${sequences.join('+')}`,
        datasetId: dataset.id,
        recipeId,
        recipe,
        sequences,
        role,
        sequenceDropout: chosen('sequenceDropout', proposal?.sequenceDropout),
        steps: options.steps ?? null,
        fold: options.fold,
        averageDecay: options.averageDecay,
        patience: options.patience,
        optimiser: options.optimiser,
        seed: options.seed,
        backend,
        resources,
      })
      await reportModel(context, await followJob(context.client, context.report, job))
    })
  })
}
