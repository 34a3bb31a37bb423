import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { CommandRunner } from '../commandRunner.ts'
import { importFolder } from '../importFolder.ts'
import { EXIT } from '../terminal/report.ts'

export function registerImport(program: Command, runner: CommandRunner): void {
  program
    .command('import')
    .description('bring a BraTS or BIDS folder into the workspace; images stay where they lie')
    .argument('<folder>', 'the folder that holds the cases')
    .option('--name <name>', 'what to call the data set')
    .addHelpText('after', '\nExit code 3: some files could not be used, the rest was imported.')
    .action(async (folder: string, options: { name?: string }, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const outcome = await importFolder(context, resolve(folder), options.name ?? null)
        context.report.result(
          outcome,
          ({ imported, skipped }) =>
            `${imported} ${imported === 1 ? 'case' : 'cases'} imported, ${skipped} skipped.`,
        )
        return outcome.problems.length === 0 ? EXIT.success : EXIT.partial
      })
    })
}
