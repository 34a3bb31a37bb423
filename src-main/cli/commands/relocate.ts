import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { CommandRunner } from '../commandRunner.ts'
import { findByName } from '../findByName.ts'
import { EXIT } from '../terminal/report.ts'

export function registerRelocate(program: Command, runner: CommandRunner): void {
  program
    .command('relocate')
    .description('say where the files of a data set lie now; only files of equal content are taken')
    .argument('<dataset>', 'id or name of a data set')
    .argument('<folder>', 'the folder that it moved to')
    .addHelpText('after', '\nExit code 3: some files were not found there.')
    .action(async (wanted: string, folder: string, _options: object, command: Command) => {
      await runner.withWorkspace(command, async ({ client, report }) => {
        const dataset = findByName('data set', wanted, await client.datasets.list({}))
        const result = await client.datasets.relocate({
          datasetId: dataset.id,
          path: resolve(folder),
        })
        for (const path of result.missing) report.line(`Not found: ${path}`)
        for (const path of result.changed) report.line(`Found with another content: ${path}`)
        report.result(
          result,
          ({ moved, unmoved }) => `${moved} files found at their new place, ${unmoved} as before.`,
        )
        return result.missing.length + result.changed.length === 0 ? EXIT.success : EXIT.partial
      })
    })
}
