import { SEQUENCES, type NetworkConfig, type Sequence } from '../../contract/index.ts'
import type { TrainedNetwork } from '../../engine/training/index.ts'
import { TEACHER_ARM, type ExperimentArm, type ExperimentProtocol } from '../protocol/index.ts'
import { experimentBatches } from './experimentBatches.ts'
import { experimentCohort, type ExperimentCohort } from './experimentCohort.ts'
import { experimentPlan } from './experimentPlan.ts'
import { shuffledTeacher } from './shuffledTeacher.ts'
import { trainNetwork, type OwnedNetwork } from './trainNetwork.ts'

/** Keeps a teacher's initialisation and order apart from those of the students that hear it. */
const TEACHER_SEED_OFFSET = 1_000_000

/** The cases and teachers of one seed, made when first needed and shared by all units of it. */
export interface SeedBench {
  readonly cohort: ExperimentCohort
  /** Trains the network of a unit. The shared teacher is the bench's own and must not be disposed. */
  train(student: Sequence | null, arm: string): OwnedNetwork
}

/** @param withCeiling whether a unit of this seed learns from the ceiling's cases */
export function createSeedBench(
  protocol: ExperimentProtocol,
  seed: number,
  withCeiling: boolean,
): SeedBench {
  const { training } = protocol
  const cohort = experimentCohort(protocol, seed, withCeiling)
  const teachers = new Map<string, OwnedNetwork>()
  const labelled = { cases: cohort.labelled, count: training.labelledPerBatch }
  const noPool = { cases: cohort.unlabelled, count: 0 }

  const teacherOf = (sequences: readonly Sequence[], network: NetworkConfig): OwnedNetwork => {
    const name = `teacher ${sequences.join('+')}`
    const known = teachers.get(name)
    if (known) return known
    const plan = experimentPlan(protocol, {
      name,
      seed: seed + TEACHER_SEED_OFFSET,
      network,
      sequences,
      steps: training.teacherSteps,
      distillation: { strategy: 'none' },
      poolConfidence: null,
    })
    const trained = trainNetwork(plan, experimentBatches(plan, labelled, noPool), null)
    const kept = { ...trained, dispose: () => undefined }
    teachers.set(name, kept)
    return kept
  }

  const heardBy = (arm: ExperimentArm, student: Sequence): TrainedNetwork | null => {
    const { strategy } = arm.distillation
    if (strategy === 'none' || strategy === 'label-smoothing') return null
    if (arm.teacher === 'single-sequence') return teacherOf([student], protocol.network)
    const teacher = teacherOf(SEQUENCES, protocol.teacherNetwork)
    return arm.teacher === 'shuffled' ? shuffledTeacher(teacher) : teacher
  }

  const train = (student: Sequence | null, armId: string): OwnedNetwork => {
    if (student === null) return teacherOf(SEQUENCES, protocol.teacherNetwork)
    const arm = protocol.arms.find(({ id }) => id === armId)
    if (!arm) throw new RangeError(`the protocol has no arm ${armId}`)
    const isCeiling = arm.cases === 'ceiling'
    const plan = experimentPlan(protocol, {
      name: `${armId} ${student}`,
      seed,
      network: protocol.network,
      sequences: [student],
      steps: arm.steps ?? (isCeiling ? training.ceilingSteps : training.steps),
      distillation: arm.distillation,
      poolConfidence: arm.pool ? training.poolConfidence : null,
    })
    const batches = experimentBatches(
      plan,
      isCeiling ? { ...labelled, cases: cohort.ceiling } : labelled,
      arm.pool ? { ...noPool, count: training.unlabelledPerBatch } : noPool,
    )
    return trainNetwork(plan, batches, heardBy(arm, student))
  }
  return { cohort, train }
}

/** Whether the arm of a unit learns from the ceiling's cases. */
export const needsCeiling = (protocol: ExperimentProtocol, armId: string): boolean =>
  armId !== TEACHER_ARM && protocol.arms.some((arm) => arm.id === armId && arm.cases === 'ceiling')
