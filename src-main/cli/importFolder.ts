import { GliadeskError, type ImportEvent, type ImportProblem } from '../contract/index.ts'
import type { CommandContext } from './commandRunner.ts'
import { createProgressLine } from './terminal/progressLine.ts'

export interface ImportOutcome {
  readonly datasetId: string
  readonly imported: number
  readonly skipped: number
  readonly problems: readonly ImportProblem[]
}

export interface ImportChoices {
  readonly name: string | null
  readonly caseNaming?: 'pseudonym' | 'patient-id'
}

type Progress = Extract<ImportEvent, { type: 'progress' }>

const progressWords = ({ unit, caseName, done, total }: Progress): string => {
  if (unit === 'files') return `${done} of ${total} files looked at`
  return unit === 'slices' ? `${caseName}, ${done} of ${total} slices read` : caseName
}

/**
 * Imports a folder or an archive with progress; what could not be used is said file by file while the rest goes on.
 * Ctrl+C stops it and keeps the cases stored so far.
 *
 * @throws GliadeskError BAD_INPUT when the folder holds no usable case
 */
export async function importFolder(
  { client, report }: CommandContext,
  path: string,
  choices: ImportChoices,
): Promise<ImportOutcome> {
  const progress = createProgressLine(process.stderr)
  const problems: ImportProblem[] = []
  const stop = (): void => void client.datasets.stopImport({})
  process.once('SIGINT', stop)
  try {
    for await (const event of await client.datasets.import({ path, ...choices })) {
      if (event.type === 'progress') {
        progress.update({
          done: event.done,
          total: event.total,
          message: progressWords(event),
          etaSeconds: null,
        })
      } else if (event.type === 'problem') {
        problems.push(event.problem)
      } else if (event.stopped) {
        throw new GliadeskError(
          'WRONG_STATE',
          `The import was stopped; ${event.imported} ${event.imported === 1 ? 'case was' : 'cases were'} kept.`,
          'Import the folder again to go on; cases that are there already are brought up to date.',
        )
      } else if (event.datasetId !== null) {
        progress.stop()
        for (const { message, remedy, expected } of problems) {
          report.line(expected ? message : `${message} ${remedy}`)
        }
        return {
          datasetId: event.datasetId,
          imported: event.imported,
          skipped: event.skipped,
          problems,
        }
      }
    }
  } finally {
    process.off('SIGINT', stop)
    progress.stop()
  }
  const reasons = problems.map((problem) => `${problem.message} ${problem.remedy}`).join('\n')
  throw new GliadeskError(
    'BAD_INPUT',
    `Nothing in ${path} could be imported.${reasons === '' ? '' : `\n${reasons}`}`,
    'Point at a folder or zip archive of DICOM files, at BraTS cases (…_flair.nii.gz) or at a BIDS folder.',
  )
}
