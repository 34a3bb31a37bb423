import type { Command } from 'commander'
import { openApplication } from '../../core/index.ts'
import type { CommandRunner, CommonOptions } from '../commandRunner.ts'
import { wholeNumber } from '../options.ts'

export function registerServe(program: Command, runner: CommandRunner): void {
  program
    .command('serve')
    .description('open the workspace in a browser on this machine')
    .option('--port <number>', 'TCP port on 127.0.0.1 (0: any free one)', wholeNumber(0, 65_535), 0)
    .action(async (options: { port: number }, command: Command) => {
      await runner.withReport(command, async (report) => {
        const { workspace } = command.optsWithGlobals<CommonOptions>()
        const application = await openApplication({
          workspacePath: workspace,
          host: 'serve',
          staysOpen: true,
        })
        const { address } = await application.listen({ kind: 'serve', port: options.port })
        report.result(
          { ready: true, address },
          () =>
            `Gliadesk is ready. Open this link (it works once): ${address}\nCtrl+C ends it; running jobs go on from their last checkpoint next time.`,
        )
        await new Promise<void>((resolve) => {
          process.once('SIGINT', resolve)
          process.once('SIGTERM', resolve)
        })
        await application.close()
      })
    })
}
