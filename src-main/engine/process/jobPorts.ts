import type { PredictedCase } from '../../contract/index.ts'
import type { TrainingPorts } from '../training/index.ts'

/** How a job reaches the world outside. */
export interface JobPorts extends TrainingPorts {
  /** A case is finished and can be shown while the others go on. */
  readonly predicted: (prediction: PredictedCase) => void
}

/** Thrown to leave a job whose end was asked for. */
export class JobStopped extends Error {
  constructor() {
    super('The job was asked to end.')
    this.name = 'JobStopped'
  }
}

/** @throws JobStopped when an end was asked for */
export async function hearRequests(
  ports: Pick<JobPorts, 'requested' | 'yieldToEvents'>,
): Promise<void> {
  await ports.yieldToEvents()
  if (ports.requested() !== 'none') throw new JobStopped()
}
