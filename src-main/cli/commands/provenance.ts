import type { Command } from 'commander'
import type { CommandRunner } from '../commandRunner.ts'
import { findByName } from '../findByName.ts'

export function registerProvenance(program: Command, runner: CommandRunner): void {
  program
    .command('provenance')
    .description('tell how every file that the workspace made for a case came about')
    .argument('<case>', 'id or name of a case')
    .action(async (wanted: string, _options: object, command: Command) => {
      await runner.withWorkspace(command, async ({ client, report }) => {
        const found = findByName('case', wanted, await client.cases.list({ datasetId: null }))
        const made = await client.cases.provenance({ caseId: found.id })
        report.result(made, (entries) =>
          entries.length === 0
            ? 'Every file of this case is read as it came; nothing was made from it.'
            : entries
                .map((entry) =>
                  [
                    `${entry.createdAt}  ${entry.operation}  (Gliadesk ${entry.version})`,
                    ...entry.sources.map(
                      ({ path, sha256 }) => `  from ${path}  sha256 ${sha256.slice(0, 12)}`,
                    ),
                    `  with ${JSON.stringify(entry.parameters)}`,
                    `  made sha256 ${entry.objectSha256}`,
                  ].join('\n'),
                )
                .join('\n'),
        )
      })
    })
}
