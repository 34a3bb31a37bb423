import type { Command } from 'commander'
import type { CommandRunner } from '../commandRunner.ts'
import { followJob } from '../followJob.ts'
import { reportModel } from '../reportModel.ts'

export function registerResume(program: Command, runner: CommandRunner): void {
  program
    .command('resume')
    .description('continue a paused training job from its last checkpoint')
    .argument('<job>', 'the job’s id')
    .action(async (jobId: string, _options: object, command: Command) => {
      await runner.withWorkspace(command, async (context) => {
        const job = await context.client.jobs.resume({ jobId })
        await reportModel(context, await followJob(context.client, context.report, job))
      })
    })
}
