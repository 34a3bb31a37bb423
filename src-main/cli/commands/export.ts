import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { exportFormatSchema, type ExportFormat } from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { EXIT } from '../terminal/report.ts'

export function registerExport(program: Command, runner: CommandRunner): void {
  program
    .command('export')
    .description('write a data set as nnU-Net or BIDS, or its newest labels in one format')
    .argument('<dataset>', 'id or name of a data set')
    .argument('<folder>', 'an empty folder, or a new one')
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(exportFormatSchema.options)
        .default('nnunet'),
    )
    .addHelpText(
      'after',
      '\nExit code 3: some cases take no part, for example for want of a label.',
    )
    .action(
      async (
        wanted: string,
        folder: string,
        options: { format: ExportFormat },
        command: Command,
      ) => {
        await runner.withWorkspace(command, async (context) => {
          const dataset = await resolveDataset(context, wanted)
          const result = await context.client.datasets.export({
            datasetId: dataset.id,
            format: options.format,
            path: resolve(folder),
          })
          for (const reason of result.skipped) context.report.line(`Left out: ${reason}.`)
          context.report.result(
            result,
            ({ path, cases, files }) => `${cases} cases in ${files} files written to ${path}.`,
          )
          return result.skipped.length === 0 ? EXIT.success : EXIT.partial
        })
      },
    )
}
