import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import type { CommandRunner } from '../commandRunner.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { EXIT } from '../terminal/report.ts'
import { fixed, table } from '../terminal/table.ts'

interface ImportLabelsOptions {
  readonly dataset: string
  readonly as: 'proposal' | 'version'
  readonly drawnBy: string
}

export function registerImportLabels(program: Command, runner: CommandRunner): void {
  program
    .command('import-labels')
    .description(
      'add segmentations of another program, as nnU-Net predictions, to the cases of their names',
    )
    .argument('<folder>', 'one segmentation a case, named as the cases are')
    .requiredOption('--dataset <name>', 'the data set that the cases belong to')
    .addOption(
      new Option('--as <kind>', 'proposals wait to be read; versions are labels at once')
        .choices(['proposal', 'version'])
        .default('proposal'),
    )
    .option('--drawn-by <name>', 'who or what drew them', 'nnU-Net')
    .addHelpText(
      'after',
      '\nValues: by the dataset.json in the folder, else 1 NCR, 2 ED, 3 ET.\nExit code 3: some files matched no case or could not be used.',
    )
    .action(async (folder: string, options: ImportLabelsOptions, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const dataset = await resolveDataset(context, options.dataset)
        const result = await context.client.datasets.importLabels({
          datasetId: dataset.id,
          path: resolve(folder),
          as: options.as,
          drawnBy: options.drawnBy,
        })
        for (const path of result.unmatched) context.report.line(`No case has this name: ${path}`)
        for (const { message } of result.refused) context.report.line(`Left out: ${message}`)
        if (result.without.length > 0) {
          context.report.line(`Cases without a file: ${result.without.join(', ')}`)
        }
        context.report.result(result, ({ added }) =>
          added.length === 0
            ? 'Nothing was added.'
            : table(
                ['case', 'WT ml', 'file'],
                added.map(({ caseName, wholeTumourMl, path }) => [
                  caseName,
                  fixed(wholeTumourMl, 1),
                  path,
                ]),
              ),
        )
        const isComplete = result.unmatched.length + result.refused.length === 0
        return isComplete ? EXIT.success : EXIT.partial
      })
    })
}
