import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { DICOM_FORMATS, SEQUENCES, type DicomFormat, type Sequence } from '../../contract/index.ts'
import { caseVersion } from '../caseVersion.ts'
import type { CommandRunner } from '../commandRunner.ts'
import { wholeNumber } from '../options.ts'

interface ExportDicomOptions {
  readonly format: DicomFormat
  readonly sequence?: Sequence
  readonly label?: number
}

export function registerExportDicom(program: Command, runner: CommandRunner): void {
  program
    .command('export-dicom')
    .description(
      'write a label version as DICOM on the slices of its source images (docs/dicom.md)',
    )
    .argument('<case>', 'name or id of the case')
    .argument('<path>', 'a folder, or the file to write')
    .addOption(
      new Option('--format <format>', 'what to write').choices(DICOM_FORMATS).default('dicom-seg'),
    )
    .addOption(
      new Option(
        '--sequence <sequence>',
        'on whose slices; T1ce where it lies on the grid of the labels',
      ).choices(SEQUENCES),
    )
    .option('--label <number>', 'which label version; the newest if not given', wholeNumber(1, 1e6))
    .action(async (wanted: string, path: string, options: ExportDicomOptions, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const { found, version } = await caseVersion(context, wanted, options.label)
        const { format, sequence } = options
        const written = await context.client.dicom.exportVersion({
          ...{ caseId: found.id, versionId: version.id, format, sequence },
          path: resolve(path),
        })
        context.report.result(written, ({ paths }) => paths.join('\n'))
      })
    })
}
