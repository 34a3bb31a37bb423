import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import {
  DEFAULT_PREPARATION,
  SEQUENCES,
  SEQUENCE_TITLES,
  type CaseSummary,
  type PreparationPlan,
  type PreparationRecord,
  type Sequence,
} from '../../contract/index.ts'
import type { CommandContext, CommandRunner } from '../commandRunner.ts'
import { findByName } from '../findByName.ts'
import { numberBetween, sequenceList, wholeNumber } from '../options.ts'
import { resolveDataset } from '../resolveDataset.ts'
import { createProgressLine } from '../terminal/progressLine.ts'
import { EXIT, type ExitCode } from '../terminal/report.ts'
import { fixed, table } from '../terminal/table.ts'

interface PrepareOptions {
  readonly dataset: string
  readonly cases?: string[]
  readonly all: boolean
  readonly reference?: Sequence[]
  readonly spacing?: number
  readonly keepGrid: boolean
  readonly reorient: boolean
  readonly register: boolean
  readonly crop: boolean
  readonly margin: number
  readonly brain: boolean
  readonly fraction: number
  readonly bias?: number
  readonly dryRun: boolean
  readonly exportLabels?: string
  readonly gridOf?: Sequence[]
}

export function registerPrepare(program: Command, runner: CommandRunner): void {
  const plan = DEFAULT_PREPARATION
  program
    .command('prepare')
    .description('bring the sequences of raw cases onto one grid (docs/preparation.md)')
    .requiredOption('--dataset <name|folder>', 'the data set; a folder is imported first')
    .option('--cases <name...>', 'only these cases, by name or id')
    .option('--all', 'also cases that need no preparation', false)
    .option(
      '--reference <sequence>',
      'what the others are registered to (default: the finer of t1ce and t1)',
      sequenceList,
    )
    .option('--spacing <mm>', 'edge of the voxels', numberBetween(0.3, 6), plan.resample?.spacingMm)
    .option('--keep-grid', 'keep the voxels of the reference', false)
    .option('--no-reorient', 'keep the axis order of the reference')
    .option('--no-register', 'believe the positions in the headers')
    .option('--no-crop', 'keep the whole field of view')
    .option(
      '--margin <mm>',
      'air kept around the head when cropping',
      numberBetween(0, 50),
      plan.crop?.marginMm,
    )
    .option('--no-brain', 'keep skull and scalp')
    .option(
      '--fraction <0..1>',
      'larger gives a smaller brain',
      numberBetween(0.1, 0.9),
      plan.brainExtraction?.fraction,
    )
    .option(
      '--bias <levels>',
      'even out the coil’s brightness; 3 levels are usual',
      wholeNumber(1, 5),
    )
    .option('--dry-run', 'only say what would come of it; the cases stay as they are', false)
    .option(
      '--export-labels <folder>',
      'write the newest labels of prepared cases on an original grid instead',
    )
    .option('--grid-of <sequence>', 'whose original grid --export-labels writes on', sequenceList)
    .addHelpText('after', '\nExit code 3: some cases could not be prepared.')
    .action(async (options: PrepareOptions, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const dataset = await resolveDataset(context, options.dataset)
        const known = await context.client.cases.list({ datasetId: dataset.id })
        const named = options.cases?.map((wanted) => findByName('case', wanted, known))
        return options.exportLabels === undefined
          ? await prepareCases(
              context,
              named ?? known.filter((found) => options.all || found.needsPreparation),
              options,
            )
          : await exportLabels(
              context,
              named ?? known,
              resolve(options.exportLabels),
              options.gridOf,
            )
      })
    })
}

const planOf = (options: PrepareOptions): PreparationPlan => ({
  schema: 1,
  reference: options.reference?.[0] ?? null,
  reorient: options.reorient,
  resample:
    options.keepGrid || options.spacing === undefined ? null : { spacingMm: options.spacing },
  register: options.register,
  crop: options.crop ? { marginMm: options.margin } : null,
  biasCorrection: options.bias === undefined ? null : { levels: options.bias },
  brainExtraction: options.brain ? { fraction: options.fraction } : null,
})

async function prepareCases(
  { client, report }: CommandContext,
  cases: readonly CaseSummary[],
  options: PrepareOptions,
): Promise<ExitCode> {
  const records: { case: string; record: PreparationRecord }[] = []
  let failed = 0
  for (const { id, name } of cases) {
    const line = createProgressLine(process.stderr)
    try {
      for await (const event of await client.preparation.run({
        caseId: id,
        plan: planOf(options),
      })) {
        if (event.type === 'progress') {
          line.update({
            done: Math.round(event.share * 100),
            total: 100,
            etaSeconds: event.etaSeconds,
            message: `${name}: ${event.message}`,
          })
          continue
        }
        const { record } = event
        records.push({ case: name, record })
        if (options.dryRun) await client.preparation.discard({ preparationId: record.id })
        else await client.preparation.apply({ preparationId: record.id })
      }
    } catch (error) {
      failed++
      report.failure(error)
    } finally {
      line.stop()
    }
  }
  report.result(records, (rows) =>
    table(
      [
        'case',
        'sequence',
        'turn °',
        'shift mm',
        'NMI before',
        'after',
        'covers %',
        'brain ml',
        's',
      ],
      rows.flatMap(({ case: name, record }) =>
        SEQUENCES.flatMap((sequence) => {
          const made = record.sequences[sequence]
          if (!made) return []
          const { registration } = made
          const isReference = sequence === record.reference
          return [
            [
              name,
              `${SEQUENCE_TITLES[sequence]}${isReference ? ' (reference)' : ''}`,
              fixed(registration?.rotationDegrees ?? null, 2),
              fixed(registration?.shiftMm ?? null, 2),
              fixed(registration?.before.normalised ?? null, 3),
              fixed(registration?.after.normalised ?? null, 3),
              fixed(100 * made.coverage, 0),
              isReference ? fixed(record.brain?.volumeMl ?? null, 0) : '',
              isReference ? fixed(record.seconds, 0) : '',
            ],
          ]
        }),
      ),
    ),
  )
  return failed > 0 ? EXIT.partial : EXIT.success
}

async function exportLabels(
  { client, report }: CommandContext,
  cases: readonly CaseSummary[],
  folder: string,
  gridOf: readonly Sequence[] | undefined,
): Promise<ExitCode> {
  await mkdir(folder, { recursive: true })
  const written: { case: string; path: string }[] = []
  let failed = 0
  for (const { id, name } of cases) {
    const { versions } = await client.cases.get({ caseId: id })
    const version = versions.at(-1)
    if (!version) continue
    try {
      const { applied } = await client.preparation.status({ caseId: id })
      const sequences = gridOf ?? SEQUENCES.filter((sequence) => applied?.sequences[sequence])
      for (const sequence of sequences) {
        const path = join(folder, `${name}_seg_on_${sequence}.nii.gz`)
        const request = { caseId: id, versionId: version.id, sequence, path }
        written.push({ case: name, ...(await client.preparation.exportVersion(request)) })
      }
    } catch (error) {
      failed++
      report.failure(error)
    }
  }
  report.result(written, (rows) =>
    table(
      ['case', 'file'],
      rows.map(({ case: name, path }) => [name, path]),
    ),
  )
  return failed > 0 ? EXIT.partial : EXIT.success
}
