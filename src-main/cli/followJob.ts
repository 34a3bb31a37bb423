import { GliadeskError, type Job } from '../contract/index.ts'
import type { GliadeskClient } from './client.ts'
import { createProgressLine } from './terminal/progressLine.ts'
import type { Report } from './terminal/report.ts'

/**
 * Shows a job's progress until it ends. The first Ctrl+C pauses it at a checkpoint so that it can be resumed.
 *
 * @returns the ended job
 * @throws GliadeskError with the job's own message and remedy when it failed or was stopped
 */
export async function followJob(client: GliadeskClient, report: Report, job: Job): Promise<Job> {
  const progress = createProgressLine(process.stderr)
  const pause = (): void => {
    report.line('Pausing at the next checkpoint …')
    void client.jobs.pause({ jobId: job.id }).catch((cause: unknown) => report.failure(cause))
  }
  process.once('SIGINT', pause)
  let last = job
  let deviceSaid = false
  try {
    for await (const now of await client.jobs.watch({ jobId: job.id })) {
      last = now
      if (now.device !== null && !deviceSaid) {
        deviceSaid = true
        report.line(`Computing on ${now.device.description}.`)
        if (now.device.fallbackReason !== null) report.line(now.device.fallbackReason)
      }
      if (now.progress !== null && now.state === 'running') progress.update(now.progress)
      if (now.state !== 'running' && now.state !== 'queued') break
    }
  } finally {
    progress.stop()
    process.off('SIGINT', pause)
  }
  if (last.state === 'failed' && last.error !== null) {
    throw new GliadeskError('INTERNAL', last.error.message, last.error.remedy)
  }
  if (last.state === 'paused') {
    throw new GliadeskError(
      'WRONG_STATE',
      `${last.title} is paused at its last checkpoint.`,
      `Go on with: gliadesk resume ${last.id}`,
    )
  }
  if (last.state !== 'done') {
    throw new GliadeskError('WRONG_STATE', `${last.title} was ${last.state}.`, 'Start it again.')
  }
  return last
}
