import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import {
  GliadeskError,
  type DeidentificationOptions,
  type DeidentificationReport,
  type DeidentificationRequest,
} from '../../contract/index.ts'
import type { CommandContext, CommandRunner } from '../commandRunner.ts'
import { createProgressLine } from '../terminal/progressLine.ts'
import { EXIT } from '../terminal/report.ts'

interface Choices extends DeidentificationOptions {
  readonly out?: string
  readonly dryRun: boolean
}

export function registerDeidentify(program: Command, runner: CommandRunner): void {
  program
    .command('deidentify')
    .description(
      'write copies of DICOM and NIfTI files without the patient, and a report of what was taken out (features that help with de-identification; no promise that nothing is left)',
    )
    .argument('<input>', 'a folder, a zip archive or a file; it is only read')
    .option('--out <folder>', 'an empty folder or a new one, outside of the input')
    .option('--dry-run', 'say what would be done and write nothing', false)
    .addOption(
      new Option('--dates <what>', 'what becomes of dates; shift keeps the days between them')
        .choices(['remove', 'shift', 'keep'])
        .default('remove'),
    )
    .option('--retain-uids', 'keep UIDs instead of mapping them', false)
    .option('--retain-device-identity', 'keep serial numbers, stations and the like', false)
    .option('--retain-institution-identity', 'keep names and addresses of institutions', false)
    .option('--retain-patient-characteristics', 'keep sex, age, size, weight', false)
    .option('--retain-safe-private', 'keep private elements that the standard calls safe', false)
    .option('--clean-descriptors', 'keep the technical words of descriptions', false)
    .option('--clean-structured-content', 'keep codes and numbers of structured reports', false)
    .option('--clean-graphics', 'keep graphics without their texts', false)
    .option('--deface', 'NIfTI: set what lies away from the brain to 0', false)
    .addHelpText(
      'after',
      '\nPseudonyms and UIDs come from a key of the workspace: copies made with the same workspace fit together.' +
        '\nExit code 3: some files were left out.',
    )
    .action(async (input: string, choices: Choices, command: Command) => {
      if (choices.out === undefined && !choices.dryRun) {
        command.error('error: --out FOLDER says where the copies go (or use --dry-run)')
      }
      await runner.withWorkspace(command, async (context) => {
        const { out, dryRun, ...options } = choices
        const path = resolve(input)
        const report = await follow(context, {
          path,
          output: resolve(out ?? '.'),
          options,
          trial: dryRun,
        })
        context.report.result(report, describe)
        return report.leftOut.length === 0 ? EXIT.success : EXIT.partial
      })
    })
}

async function follow(
  { client, report }: CommandContext,
  request: DeidentificationRequest,
): Promise<DeidentificationReport> {
  const progress = createProgressLine(process.stderr)
  const problems: string[] = []
  const stop = (): void => void client.deidentification.stop({})
  process.once('SIGINT', stop)
  try {
    for await (const event of await client.deidentification.run(request)) {
      if (event.type === 'progress') {
        const { done, total } = event
        progress.update({ done, total, message: `${done} of ${total} files`, etaSeconds: null })
      } else if (event.type === 'problem') problems.push(`${event.message} ${event.remedy}`)
      else {
        progress.stop()
        problems.forEach((problem) => report.line(problem))
        if (!event.report.stopped) return event.report
        throw new GliadeskError(
          'WRONG_STATE',
          `De-identification was stopped; ${event.report.files.length} copies were made.`,
          'Remove the output folder and start again for the whole.',
        )
      }
    }
  } finally {
    process.off('SIGINT', stop)
    progress.stop()
  }
  throw new GliadeskError(
    'INTERNAL',
    'De-identification ended without a report.',
    'Start it again.',
  )
}

function describe(report: DeidentificationReport): string {
  const changed = report.totals.map(
    ({ tag, name, action, count }) => `  ${tag}  ${name}: ${action}, ${count} ×`,
  )
  return [
    `${report.files.length} files ${report.trial ? 'can be copied (nothing was written)' : 'copied'}, ${report.leftOut.length} left out. ${report.profile}.`,
    ...report.warnings.map(({ warning, files }) => `! ${files} files: ${warning}`),
    ...changed,
  ].join('\n')
}
