import { Option, type Command } from 'commander'
import { ACQUISITION_STRATEGIES, type AcquisitionStrategy } from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { wholeNumber } from '../options.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { fixed, table } from '../terminal/table.ts'

interface RankOptions {
  readonly dataset: string
  readonly strategy: AcquisitionStrategy
  readonly count?: number
  readonly seed: number
}

export function registerRank(program: Command, runner: CommandRunner): void {
  program
    .command('rank')
    .description('order unlabelled cases by how much correcting them should teach, with the reason')
    .requiredOption('--dataset <name|folder>', 'the data set; a folder is imported first')
    .addOption(
      new Option('--strategy <name>', 'what to go by (docs/uncertainty.md)')
        .choices([...ACQUISITION_STRATEGIES])
        .default('entropy'),
    )
    .option('--count <number>', 'only the first so many', wholeNumber(1))
    .option('--seed <number>', 'of the random order', wholeNumber(0), 1)
    .action(async (options: RankOptions, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const { strategy, seed, count } = options
        const dataset = await resolveDataset(context, options.dataset)
        const all = await context.client.cases.rank({ datasetId: dataset.id, strategy, seed })
        context.report.result(all.slice(0, count), (rows) =>
          rows.length === 0
            ? 'Every case outside of the test split has a label already.'
            : table(
                ['', 'case', 'score', 'why'],
                rows.map(({ caseName, score, reason }, i) => [
                  String(i + 1),
                  caseName,
                  fixed(score, 3),
                  reason,
                ]),
              ),
        )
      })
    })
}
