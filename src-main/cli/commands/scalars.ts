import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { GliadeskError, type JobEvent } from '../../contract/index.ts'
import { encodeScalars } from '../../services/scalars/index.ts'
import type { CommandRunner } from '../commandRunner.ts'

export function registerScalars(program: Command, runner: CommandRunner): void {
  program
    .command('scalars')
    .description('write the curves of a job that has ended as a file that TensorBoard reads')
    .argument('<job>', 'id of the job, or the name of the model that it made')
    .requiredOption('--out <folder>', 'where to; a sub-folder named after the job is made in it')
    .action(async (wanted: string, options: { out: string }, command: Command) => {
      await runner.withWorkspace(command, async ({ client, report }) => {
        const jobs = await client.jobs.list({})
        const job = jobs.find(({ id, title, plan }) =>
          [id, title, 'name' in plan ? plan.name : ''].includes(wanted),
        )
        if (!job) {
          throw new GliadeskError(
            'NOT_FOUND',
            `There is no job "${wanted}" in this workspace.`,
            'Run "gliadesk list jobs" to see them with their ids.',
          )
        }
        if (job.state === 'queued' || job.state === 'running' || job.state === 'paused') {
          throw new GliadeskError(
            'WRONG_STATE',
            `${job.title} is ${job.state}; its curves are written when it has ended.`,
            'Wait for its end, or cancel it.',
          )
        }
        const events: JobEvent[] = []
        for await (const event of await client.jobs.events({ jobId: job.id })) events.push(event)
        const startedAt = Date.parse(job.startedAt ?? job.createdAt) / 1000
        const folder = join(resolve(options.out), job.id)
        await mkdir(folder, { recursive: true })
        const path = join(folder, `events.out.tfevents.${Math.floor(startedAt)}.gliadesk`)
        await writeFile(path, encodeScalars(events, startedAt))
        const steps = events.filter(({ type }) => type === 'step').length
        report.result({ path, steps }, () => `Curves of ${steps} steps written to ${path}.`)
      })
    })
}
