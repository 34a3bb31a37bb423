import { homedir } from 'node:os'
import { join } from 'node:path'
import { openApplication, programVersion } from '../core/index.ts'
import { createCommandRunner } from './commandRunner.ts'
import { createProgram } from './program.ts'
import { EXIT } from './terminal/report.ts'

const runner = createCommandRunner(async (workspacePath) => {
  const application = await openApplication({ workspacePath, host: 'serve' })
  return { client: application.client, close: () => application.close() }
})
const program = createProgram(runner, {
  version: programVersion(),
  workspacePath: process.env['GLIADESK_WORKSPACE'] ?? join(homedir(), 'Gliadesk'),
})
program.exitOverride((exit) => process.exit(exit.exitCode === 0 ? EXIT.success : EXIT.usage))
for (const command of program.commands) {
  command.exitOverride((exit) => process.exit(exit.exitCode === 0 ? EXIT.success : EXIT.usage))
}
await program.parseAsync()
// Backends and worker threads may hold the event loop open although the command is done.
process.exit()
