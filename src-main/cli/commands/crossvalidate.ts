import type { Command } from 'commander'
import {
  REGIONS,
  SEQUENCES,
  type BackendChoice,
  type Model,
  type Sequence,
} from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { followJob } from '../followJob.ts'
import {
  backendOption,
  recipeOption,
  seedOption,
  sequenceList,
  stepsOption,
  wholeNumber,
} from '../options.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { addResourceOptions, resourcesOf, type ResourceOptions } from '../trainingResources.ts'
import { fixed, table } from '../terminal/table.ts'

interface CrossValidateOptions extends ResourceOptions {
  readonly dataset: string
  readonly folds: number
  readonly recipe: string
  readonly sequences: Sequence[]
  readonly steps?: number
  readonly seed: number
  readonly name?: string
  readonly backend: BackendChoice
}

export function registerCrossValidate(program: Command, runner: CommandRunner): void {
  const definition = program
    .command('crossvalidate')
    .description(
      'train once a fold on the patients of the others, validate on its own, and make an ensemble of all; test cases stay out',
    )
    .requiredOption('--dataset <name|folder>', 'the data set; a folder is imported first')
    .option('--folds <count>', 'how many', wholeNumber(2, 20), 5)
    .addOption(recipeOption())
    .option('--sequences <list>', 'input sequences, e.g. flair,t1ce', sequenceList, [...SEQUENCES])
    .addOption(stepsOption())
    .addOption(seedOption())
    .option('--name <name>', 'what to call the ensemble; its members get the fold behind it')
    .addOption(backendOption())
  addResourceOptions(definition).action(async (options: CrossValidateOptions, command: Command) => {
    await runner.withWorkspace(command, async (context) => {
      const { client, report } = context
      const { folds, recipe, sequences, steps, seed, backend } = options
      const dataset = await resolveDataset(context, options.dataset)
      const role = sequences.length > 1 ? 'teacher' : 'student'
      const name = (options.name ?? `${role} ${sequences.join('+')}`).slice(0, 60)
      const members: Model[] = []
      for (let index = 1; index <= folds; index++) {
        const job = await client.jobs.train({
          name: `${name}, fold ${index} of ${folds}`,
          ...{ datasetId: dataset.id, recipeId: recipe, sequences, role, seed, backend },
          steps: steps ?? null,
          fold: { index, of: folds },
          resources: resourcesOf(options),
        })
        const { resultModelId } = await followJob(client, report, job)
        if (resultModelId !== null)
          members.push(await client.models.get({ modelId: resultModelId }))
      }
      const modelIds = members.map(({ id }) => id)
      const ensemble = await client.models.ensemble({ name, modelIds })
      report.result({ ensemble, members }, () =>
        [
          table(
            ['fold', 'Dice WT', 'TC', 'ET'],
            [
              ...members.map((member, i): [string, Model['validationDice'][]] => [
                `${i + 1}`,
                [member.validationDice],
              ]),
              ['mean', members.map(({ validationDice }) => validationDice)] as const,
            ].map(([title, scores]) => [
              title,
              ...REGIONS.map((region) => fixed(meanOf(scores.map((each) => each?.[region])), 3)),
            ]),
          ),
          `${name} (${ensemble.id}) averages the ${members.length} models.`,
        ].join('\n'),
      )
    })
  })
}

function meanOf(values: readonly (number | null | undefined)[]): number | null {
  const defined = values.filter((value): value is number => typeof value === 'number')
  return defined.length === 0 ? null : defined.reduce((a, b) => a + b, 0) / defined.length
}
