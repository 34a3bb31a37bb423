import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { CommandRunner } from '../commandRunner.ts'
import { importFolder } from '../importFolder.ts'
import { EXIT } from '../terminal/report.ts'

export function registerImport(program: Command, runner: CommandRunner): void {
  program
    .command('import')
    .description(
      'bring a folder of DICOM, BraTS, BIDS, Decathlon or nnU-Net files (NIfTI, NRRD, MetaImage), or a zip of DICOM, into the workspace; images stay where they lie',
    )
    .argument(
      '<folder>',
      'the folder that holds the cases, a zip archive of DICOM files or a DICOMDIR',
    )
    .option('--name <name>', 'what to call the data set')
    .option(
      '--patient-id',
      'name DICOM cases by the Patient ID in their files instead of by a pseudonym',
      false,
    )
    .addHelpText('after', '\nExit code 3: some files could not be used, the rest was imported.')
    .action(
      async (folder: string, options: { name?: string; patientId: boolean }, command: Command) => {
        await runner.withWorkspace(command, async (context) => {
          const outcome = await importFolder(context, resolve(folder), {
            name: options.name ?? null,
            caseNaming: options.patientId ? 'patient-id' : 'pseudonym',
          })
          context.report.result(
            outcome,
            ({ imported, skipped }) =>
              `${imported} ${imported === 1 ? 'case' : 'cases'} imported, ${skipped} skipped.`,
          )
          return outcome.problems.every(({ expected }) => expected) ? EXIT.success : EXIT.partial
        })
      },
    )
}
