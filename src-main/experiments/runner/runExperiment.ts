import { GliadeskError } from '../../contract/index.ts'
import {
  experimentUnits,
  type ExperimentProtocol,
  type ExperimentUnit,
  type UnitRecord,
} from '../protocol/index.ts'
import { openResultLog, readResults } from './resultLog.ts'
import { runUnitProcess } from './unitProcess.ts'

export interface ExperimentProgress {
  readonly done: number
  readonly total: number
  /** Units that failed in this run. */
  readonly failed: number
  readonly etaSeconds: number | null
  readonly message: string
}

export interface ExperimentOptions {
  readonly protocol: ExperimentProtocol
  readonly resultsPath: string
  /** Processes at a time, one thread each. */
  readonly jobs: number
  readonly commit: string | null
  readonly secondsNow: () => number
  readonly onProgress: (progress: ExperimentProgress) => void
  readonly signal: AbortSignal
}

/**
 * Runs every unit of a protocol that has no result yet, one seed after the other, `jobs` of them at a time. Each
 * result is on disk before the next unit of its process ends; whatever kills the run costs the units in progress. A
 * failed unit is recorded and tried again by the next run.
 *
 * @returns how many units failed in this run
 * @throws GliadeskError WRONG_STATE when stopped by the signal, BAD_FILE for damaged results
 */
export async function runExperiment(options: ExperimentOptions): Promise<{ failed: number }> {
  const { protocol, resultsPath, jobs, signal } = options
  const units = experimentUnits(protocol)
  const finished = new Set(
    readResults(resultsPath).flatMap(({ status, unit }) => (status === 'done' ? [unit] : [])),
  )
  const pending = units.filter(({ id }) => !finished.has(id))
  const queue = tasksOf(protocol, pending, jobs)
  const log = openResultLog(resultsPath)
  const start = options.secondsNow()
  const total = units.length
  let [done, failed] = [0, 0]

  const report = (message: string): void => {
    const left = pending.length - done - failed
    const etaSeconds = done > 0 ? ((options.secondsNow() - start) / (done + failed)) * left : null
    options.onProgress({ done: total - pending.length + done, total, failed, etaSeconds, message })
  }
  const keep = (record: UnitRecord): void => {
    log.append(record)
    if (record.status === 'done') done++
    else failed++
    report(
      `seed ${record.seed}, ${record.student ?? 'all sequences'}, ${record.arm}: ${describe(record)}`,
    )
  }
  const runTask = async (task: readonly ExperimentUnit[]): Promise<void> => {
    let left = [...task]
    while (left.length > 0 && !signal.aborted) {
      let current = left[0]
      const { problem } = await runUnitProcess(
        { protocol, seed: left[0].seed, units: left, commit: options.commit },
        (news) => {
          if (news.type === 'started') current = left.find(({ id }) => id === news.unit) ?? current
          else {
            left = left.filter(({ id }) => id !== news.record.unit)
            keep(news.record)
          }
        },
        signal,
      )
      if (problem === null || signal.aborted) return
      const { id, seed, student, arm } = current
      const identity = {
        schema: 1,
        experiment: protocol.name,
        unit: id,
        seed,
        student,
        arm,
      } as const
      keep({ ...identity, commit: options.commit, seconds: 0, status: 'failed', error: problem })
      left = left.filter((unit) => unit !== current)
    }
  }
  const work = async (): Promise<void> => {
    for (let task = queue.shift(); task && !signal.aborted; task = queue.shift())
      await runTask(task)
  }
  try {
    report(pending.length === 0 ? 'Nothing is left to run' : 'Starting')
    await Promise.all(Array.from({ length: Math.min(jobs, queue.length) }, work))
  } finally {
    log.close()
  }
  if (signal.aborted) {
    throw new GliadeskError(
      'WRONG_STATE',
      `The experiment was stopped after ${total - pending.length + done} of ${total} units; their results are kept.`,
      'Start the same command again to go on.',
    )
  }
  return { failed }
}

const describe = (record: UnitRecord): string =>
  record.status === 'done' ? `${record.seconds} s` : `failed, ${record.error.slice(0, 120)}`

/** Pending units by seed, so that cases and teacher are made once; by student too where there are more processes. */
function tasksOf(
  protocol: ExperimentProtocol,
  pending: readonly ExperimentUnit[],
  jobs: number,
): ExperimentUnit[][] {
  const bySeed = protocol.seeds.map((seed) => pending.filter((unit) => unit.seed === seed))
  const withWork = bySeed.filter((units) => units.length > 0)
  if (withWork.length >= jobs) return withWork
  return withWork
    .flatMap((units) =>
      protocol.students.map((student) =>
        // The shared teacher goes with the first student.
        units.filter((unit) => (unit.student ?? protocol.students[0]) === student),
      ),
    )
    .filter((units) => units.length > 0)
}
