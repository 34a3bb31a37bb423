import type { Command } from 'commander'
import type { CommandRunner } from '../commandRunner.ts'
import { wholeNumber } from '../options.ts'
import { resolveDataset } from '../resolveDataset.ts'

interface SplitOptions {
  readonly redraw?: number
  readonly lock?: boolean
  readonly unlock?: boolean
  readonly evenIfTrained: boolean
}

export function registerSplit(program: Command, runner: CommandRunner): void {
  program
    .command('split')
    .description('show, draw anew or lock how the patients of a data set are split')
    .argument('<dataset>', 'id or name of a data set')
    .option('--redraw <seed>', 'draw anew, alike in tumour size', wholeNumber(0))
    .option('--even-if-trained', 'also where a training has used the split', false)
    .option('--lock', 'refuse every further draw')
    .option('--unlock', 'allow draws again')
    .action(async (wanted: string, options: SplitOptions, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const { datasets } = context.client
        const { id: datasetId } = await resolveDataset(context, wanted)
        if (options.unlock) await datasets.lockSplit({ datasetId, locked: false })
        if (options.redraw !== undefined) {
          const { redraw: seed, evenIfTrained } = options
          await datasets.redrawSplit({ datasetId, seed, evenIfTrained })
        }
        if (options.lock) await datasets.lockSplit({ datasetId, locked: true })
        const status = await datasets.splitStatus({ datasetId })
        const counts = (await datasets.list({})).find(({ id }) => id === datasetId)?.splitCounts
        context.report.result({ ...status, counts }, () =>
          [
            `train ${counts?.train ?? 0}, validation ${counts?.validation ?? 0}, test ${counts?.test ?? 0} cases; seed ${status.seed}`,
            status.lockedAt === null ? 'not locked' : `locked ${status.lockedAt.slice(0, 10)}`,
            `${status.trainings} trainings have used it`,
          ].join('; '),
        )
      })
    })
}
