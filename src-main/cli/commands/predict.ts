import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import type { BackendChoice } from '../../contract/index.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { findByName } from '../findByName.ts'
import { followJob } from '../followJob.ts'
import { backendOption } from '../options.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { deviceOption } from '../trainingResources.ts'
import { fixed, table } from '../terminal/table.ts'

interface PredictOptions {
  readonly dataset: string
  readonly cases?: string[]
  readonly model?: string
  readonly out?: string
  readonly mirror: boolean
  readonly agreement: boolean
  readonly backend: BackendChoice
  readonly device: string
}

export function registerPredict(program: Command, runner: CommandRunner): void {
  program
    .command('predict')
    .description('segment cases; the result is a proposal for a reader to accept or correct')
    .requiredOption('--dataset <name|folder>', 'the data set; a folder is imported first')
    .option('--cases <name...>', 'only these cases, by name or id')
    .option('--model <name>', 'by name or id (default: the champion that fits the sequences)')
    .option('--out <folder>', 'also write each labelmap as <case>_seg.nii.gz')
    .option('--mirror', 'average over mirrored inputs (eight times the work)', false)
    .option(
      '--agreement',
      'uncertainty is how far mirrored inputs disagree (nine times the work)',
      false,
    )
    .addOption(backendOption())
    .addOption(deviceOption())
    .action(async (options: PredictOptions, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const { client, report } = context
        const dataset = await resolveDataset(context, options.dataset)
        const known = await client.cases.list({ datasetId: dataset.id })
        const cases = options.cases?.map((wanted) => findByName('case', wanted, known)) ?? known
        const model =
          options.model === undefined
            ? null
            : findByName('model', options.model, await client.models.list({}))
        const job = await client.jobs.predict({
          modelId: model?.id ?? null,
          caseIds: cases.map(({ id }) => id),
          inference: {
            ...(options.mirror ? { mirror: true } : {}),
            ...(options.agreement ? { agreement: true } : {}),
          },
          backend: options.backend,
          device: options.device,
        })
        await followJob(client, report, job)

        const folder = options.out === undefined ? null : resolve(options.out)
        if (folder !== null) await mkdir(folder, { recursive: true })
        const predicted = []
        for (const { id, name } of cases) {
          const { proposal } = await client.cases.get({ caseId: id })
          if (proposal === null) continue
          const written =
            folder === null
              ? null
              : await client.proposals.exportProposal({
                  proposalId: proposal.id,
                  path: join(folder, `${name}_seg.nii.gz`),
                })
          predicted.push({ case: name, path: written?.path ?? null, proposal })
        }
        report.result(predicted, (rows) =>
          table(
            ['case', 'WT ml', 'TC ml', 'ET ml', 'uncertainty', 'file'],
            rows.map(({ case: name, path, proposal }) => [
              name,
              fixed(proposal.volumesMl.WT, 1),
              fixed(proposal.volumesMl.TC, 1),
              fixed(proposal.volumesMl.ET, 1),
              fixed(proposal.uncertaintyScore, 2),
              path ?? '',
            ]),
          ),
        )
      })
    })
}
