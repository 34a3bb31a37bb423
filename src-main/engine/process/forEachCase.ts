import type { ManifestCase } from '../../contract/index.ts'
import { hearRequests, type JobPorts } from './jobPorts.ts'

/** Told how far into the current case the work is, 0 to 1. */
export type CaseProgress = (fraction: number) => Promise<void>

/** Goes through cases one after the other with progress and remaining time, hearing requests in between. */
export async function forEachCase(
  cases: readonly ManifestCase[],
  verb: string,
  ports: JobPorts,
  work: (subject: ManifestCase, within: CaseProgress) => Promise<void>,
): Promise<void> {
  const start = ports.secondsNow()
  for (const [index, subject] of cases.entries()) {
    const within: CaseProgress = async (fraction) => {
      const done = index + fraction
      const elapsed = ports.secondsNow() - start
      ports.report({
        done,
        total: cases.length,
        unit: 'case',
        etaSeconds: done > 0 ? (elapsed * (cases.length - done)) / done : null,
        message: `${verb} ${subject.name}`,
      })
      await hearRequests(ports)
    }
    await within(0)
    await work(subject, within)
    await within(1)
  }
}
