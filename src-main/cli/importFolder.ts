import { GliadeskError, type ImportProblem } from '../contract/index.ts'
import type { CommandContext } from './commandRunner.ts'
import { createProgressLine } from './terminal/progressLine.ts'

export interface ImportOutcome {
  readonly datasetId: string
  readonly imported: number
  readonly skipped: number
  readonly problems: readonly ImportProblem[]
}

/**
 * Imports a folder with progress; what could not be used is said file by file while the rest goes on.
 *
 * @throws GliadeskError BAD_INPUT when the folder holds no usable case
 */
export async function importFolder(
  { client, report }: CommandContext,
  path: string,
  name: string | null,
): Promise<ImportOutcome> {
  const progress = createProgressLine(process.stderr)
  const problems: ImportProblem[] = []
  try {
    for await (const event of await client.datasets.import({ path, name })) {
      if (event.type === 'progress') {
        progress.update({
          done: event.done,
          total: event.total,
          message: event.caseName,
          etaSeconds: null,
        })
      } else if (event.type === 'problem') {
        problems.push(event.problem)
      } else if (event.datasetId !== null) {
        progress.stop()
        for (const problem of problems) report.line(`${problem.message} ${problem.remedy}`)
        return {
          datasetId: event.datasetId,
          imported: event.imported,
          skipped: event.skipped,
          problems,
        }
      }
    }
  } finally {
    progress.stop()
  }
  const reasons = problems.map((problem) => `${problem.message} ${problem.remedy}`).join('\n')
  throw new GliadeskError(
    'BAD_INPUT',
    `Nothing in ${path} could be imported.${reasons === '' ? '' : `\n${reasons}`}`,
    'Point at a folder of BraTS cases (…_flair.nii.gz, …_seg.nii.gz) or a BIDS folder.',
  )
}
