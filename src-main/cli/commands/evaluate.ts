import type { Command } from 'commander'
import { REGIONS, type BackendChoice, type Evaluation, type Split } from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { findByName } from '../findByName.ts'
import { followJob } from '../followJob.ts'
import { backendOption, splitOption } from '../options.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { deviceOption } from '../trainingResources.ts'
import { fixed, table } from '../terminal/table.ts'

interface EvaluateOptions {
  readonly dataset: string
  readonly models: string[]
  readonly split: Split
  readonly backend: BackendChoice
  readonly device: string
}

/** Mean over the regions that are defined; null when none is. */
function meanOverRegions(values: Evaluation['meanDice']): number | null {
  const defined = REGIONS.map((region) => values[region]).filter((value) => value !== null)
  return defined.length === 0
    ? null
    : defined.reduce((sum, value) => sum + value, 0) / defined.length
}

export function registerEvaluate(program: Command, runner: CommandRunner): void {
  program
    .command('evaluate')
    .description('score models against reference labels on a split that is never drawn again')
    .requiredOption('--dataset <name|folder>', 'the data set; a folder is imported first')
    .requiredOption('--models <name...>', 'models, by name or id')
    .addOption(splitOption())
    .addOption(backendOption())
    .addOption(deviceOption())
    .action(async (options: EvaluateOptions, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const { client, report } = context
        const dataset = await resolveDataset(context, options.dataset)
        const known = await client.models.list({})
        const models = options.models.map((wanted) => findByName('model', wanted, known))
        const job = await client.jobs.evaluate({
          modelIds: models.map(({ id }) => id),
          datasetId: dataset.id,
          split: options.split,
          backend: options.backend,
          device: options.device,
        })
        await followJob(client, report, job)
        const rows = []
        for (const model of models) {
          const { evaluations } = await client.models.get({ modelId: model.id })
          const evaluation = evaluations
            .filter(({ datasetId, split }) => datasetId === dataset.id && split === options.split)
            .sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0]
          rows.push({ model: model.name, evaluation })
        }
        report.result(rows, (scored) =>
          table(
            ['model', 'cases', 'Dice WT', 'TC', 'ET', 'mean', 'HD95 mm WT', 'TC', 'ET'],
            scored.map(({ model, evaluation }) => [
              model,
              String(evaluation.scores.length),
              ...REGIONS.map((region) => fixed(evaluation.meanDice[region], 3)),
              fixed(meanOverRegions(evaluation.meanDice), 3),
              ...REGIONS.map((region) => fixed(evaluation.meanHd95Mm[region], 1)),
            ]),
          ),
        )
      })
    })
}
