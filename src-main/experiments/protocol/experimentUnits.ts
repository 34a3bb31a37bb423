import { createHash } from 'node:crypto'
import type { Sequence } from '../../contract/index.ts'
import { GENERATOR_VERSION } from '../../imaging/synthetic/index.ts'
import { TEACHER_ARM, type ExperimentProtocol } from './experimentProtocol.ts'

/**
 * Raised whenever the same protocol would give other numbers: a change of network, loss, optimiser, augmentation,
 * strategy or score. Results of other versions are never mixed in silence; they are other units.
 */
export const EXPERIMENT_VERSION = 1

/** The smallest piece of an experiment: one network trained and scored. */
export interface ExperimentUnit {
  /** Identity: a hash of everything that decides the result. */
  readonly id: string
  readonly seed: number
  /** Null for the shared teacher, which no student owns. */
  readonly student: Sequence | null
  readonly arm: string
}

/** All units of a protocol, one seed after the other, so that a run that is cut short has complete seeds. */
export function experimentUnits(protocol: ExperimentProtocol): ExperimentUnit[] {
  return protocol.seeds.flatMap((seed) => [
    unitOf(protocol, seed, null, TEACHER_ARM),
    ...protocol.students.flatMap((student) =>
      protocol.arms.map((arm) => unitOf(protocol, seed, student, arm.id)),
    ),
  ])
}

function unitOf(
  protocol: ExperimentProtocol,
  seed: number,
  student: Sequence | null,
  arm: string,
): ExperimentUnit {
  const { cohort, network, teacherNetwork, training, arms } = protocol
  const defined = arms.find((each) => each.id === arm)
  // Words for people may be changed without a new run.
  const definition = defined ? { ...defined, title: undefined, id: undefined } : null
  const everything = {
    version: [EXPERIMENT_VERSION, GENERATOR_VERSION],
    ...{ cohort, network, teacherNetwork, training, definition, seed, student },
  }
  const id = createHash('sha256').update(canonicalJson(everything)).digest('hex').slice(0, 16)
  return { id, seed, student, arm }
}

/** JSON with sorted keys, so that the order in a file says nothing. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
