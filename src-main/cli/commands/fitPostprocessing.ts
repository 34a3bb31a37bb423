import type { Command } from 'commander'
import { REGIONS, type BackendChoice, type Evaluation } from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { findByName } from '../findByName.ts'
import { followJob } from '../followJob.ts'
import { backendOption } from '../options.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { deviceOption } from '../trainingResources.ts'
import { fixed, table } from '../terminal/table.ts'

interface FitOptions {
  readonly dataset: string
  readonly backend: BackendChoice
  readonly device: string
}

/** Mean Dice of a region over the cases where it is defined, with or without what was fitted. */
function meanDice(
  { scores }: Evaluation,
  region: (typeof REGIONS)[number],
  isFitted: boolean,
): number | null {
  const values = scores
    .map((score) => (isFitted ? score : (score.unfitted ?? score)).dice[region])
    .filter((value) => value !== null)
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length
}

export function registerFitPostprocessing(program: Command, runner: CommandRunner): void {
  program
    .command('fit-postprocessing')
    .description(
      'choose post-processing and temperature of a model on validation cases, and score it with and without on test cases',
    )
    .argument('<model>', 'by name or id')
    .requiredOption('--dataset <name|folder>', 'the data set; a folder is imported first')
    .addOption(backendOption())
    .addOption(deviceOption())
    .action(async (wanted: string, options: FitOptions, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const { client, report } = context
        const dataset = await resolveDataset(context, options.dataset)
        const { id: modelId } = findByName('model', wanted, await client.models.list({}))
        const { backend, device } = options
        const common = { modelIds: [modelId], datasetId: dataset.id, backend, device }
        const fit = await client.jobs.evaluate({ ...common, split: 'validation', fit: true })
        await followJob(client, report, fit)
        await followJob(client, report, await client.jobs.evaluate({ ...common, split: 'test' }))
        const model = await client.models.get({ modelId })
        const { fitted } = model
        const test = model.evaluations
          .filter(({ datasetId, split }) => datasetId === dataset.id && split === 'test')
          .sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0]
        report.result({ fitted, test }, () => {
          if (!fitted) return 'Nothing was fitted.'
          const { postprocessing, calibration } = fitted
          const { before, after } = calibration
          return [
            `On ${fitted.cases} validation cases: pieces below ${postprocessing.minComponentMl} ml removed, enhancing tumour below ${postprocessing.minEnhancingMl} ml taken for necrosis (mean Dice ${fixed(fitted.diceBefore, 3)} → ${fixed(fitted.diceAfter, 3)}).`,
            `Temperature ${fixed(calibration.temperature, 2)}: expected calibration error ${fixed(before.ece, 3)} → ${fixed(after.ece, 3)}, log-likelihood loss ${fixed(before.nll, 3)} → ${fixed(after.nll, 3)}.`,
            `On ${test.scores.length} test cases:`,
            table(
              ['post-processing', 'Dice WT', 'TC', 'ET'],
              [false, true].map((isFitted) => [
                isFitted ? 'fitted' : 'default',
                ...REGIONS.map((region) => fixed(meanDice(test, region, isFitted), 3)),
              ]),
            ),
          ].join('\n')
        })
      })
    })
}
