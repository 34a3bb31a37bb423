import type { Command } from 'commander'
import type { CommandRunner } from '../commandRunner.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { table } from '../terminal/table.ts'

export function registerQuality(program: Command, runner: CommandRunner): void {
  program
    .command('quality')
    .description('tell what is missing, empty, double or shared in a data set')
    .argument('<dataset>', 'id or name of a data set, or a folder')
    .action(async (wanted: string, _options: object, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const dataset = await resolveDataset(context, wanted)
        const report = await context.client.datasets.quality({ datasetId: dataset.id })
        context.report.result(report, ({ cases, findings }) =>
          findings.length === 0
            ? `${cases} cases, nothing to note.`
            : table(
                ['case', 'finding', 'what'],
                findings.map(({ caseName, kind, message }) => [caseName, kind, message]),
              ),
        )
      })
    })
}
