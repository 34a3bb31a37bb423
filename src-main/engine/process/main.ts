/** Entry of an engine process: one job, then the end, which gives back all memory. */
import { setImmediate } from 'node:timers/promises'
import type { EngineToCore, JobManifest } from '../../contract/index.ts'
import { openBackend } from '../backends/index.ts'
import { openCoreChannel, toJobError } from './coreChannel.ts'
import { JobStopped, type JobPorts } from './jobPorts.ts'
import { nodeFiles, requireFreeSpace } from './nodeFiles.ts'
import { processShare } from './processShare.ts'
import { runEvaluationJob } from './runEvaluationJob.ts'
import { runPredictionJob } from './runPredictionJob.ts'
import { runTrainingJob } from './runTrainingJob.ts'

const channel = openCoreChannel(process)
const ports: JobPorts = {
  files: nodeFiles,
  secondsNow: () => performance.now() / 1000,
  yieldToEvents: async () => {
    await setImmediate()
  },
  requested: channel.requested,
  emit: (event) => void channel.send({ type: 'event', event }),
  report: (progress) => void channel.send({ type: 'progress', progress }),
  predicted: (prediction) => void channel.send({ type: 'predicted', prediction }),
}

async function run(manifest: JobManifest): Promise<EngineToCore | null> {
  const { plan, folder } = manifest
  await nodeFiles.makeFolder(folder)
  await requireFreeSpace(folder)
  if ('processes' in plan && plan.processes > 1) {
    // Before the backend opens: libraries read their share of the machine once.
    Object.assign(process.env, processShare(0, plan.processes))
  }
  await channel.send({ type: 'started', device: await openBackend(plan.backend) })
  if (plan.kind === 'predict') {
    return { type: 'done', result: await runPredictionJob(manifest, plan, ports) }
  }
  if (plan.kind === 'evaluate') {
    return { type: 'done', result: await runEvaluationJob(manifest, plan, ports) }
  }
  const outcome = await runTrainingJob(manifest, plan, ports)
  if (outcome.kind === 'cancelled') return null
  if (outcome.kind === 'paused') {
    return { type: 'paused', checkpointPath: outcome.checkpointPath }
  }
  return { type: 'done', result: outcome }
}

try {
  const last = await run(await channel.manifest)
  if (last !== null) await channel.send(last)
} catch (error) {
  if (!(error instanceof JobStopped)) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    await channel.send({ type: 'failed', error: toJobError(error) })
  }
}
process.exit(0)
