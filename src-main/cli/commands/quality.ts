import type { Command } from 'commander'
import type { CommandContext, CommandRunner } from '../commandRunner.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { createProgressLine } from '../terminal/progressLine.ts'
import { table } from '../terminal/table.ts'

export function registerQuality(program: Command, runner: CommandRunner): void {
  program
    .command('quality')
    .description(
      'tell what is missing, damaged, mirrored, out of line, double or shared in a data set',
    )
    .argument('<dataset>', 'id or name of a data set, or a folder')
    .option('--quick', 'do not read voxels that were not measured before', false)
    .action(async (wanted: string, options: { quick: boolean }, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const dataset = await resolveDataset(context, wanted)
        if (!options.quick) await measure(context, dataset.id)
        const report = await context.client.datasets.quality({ datasetId: dataset.id })
        context.report.result(report, ({ cases, findings, unmeasured }) =>
          [
            findings.length === 0
              ? `${cases} cases, nothing to note.`
              : table(
                  ['', 'case', 'finding', 'what'],
                  findings.map(({ severity, caseName, kind, message }) => [
                    severity,
                    caseName,
                    kind,
                    message,
                  ]),
                ),
            ...(unmeasured > 0 ? [`The voxels of ${unmeasured} cases were not read.`] : []),
          ].join('\n'),
        )
      })
    })
}

async function measure({ client }: CommandContext, datasetId: string): Promise<void> {
  const line = createProgressLine(process.stderr)
  try {
    for await (const { done, total, caseName } of await client.datasets.measure({ datasetId })) {
      line.update({ done, total, etaSeconds: null, message: `Reading ${caseName}` })
    }
  } finally {
    line.stop()
  }
}
