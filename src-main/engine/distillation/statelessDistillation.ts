import type { DistillationStrategy } from './distillationStrategy.ts'
import { tapGradientGate } from './tapGradientGate.ts'

/**
 * A strategy that trains nothing beside the student and needs no statistics of the teacher.
 *
 * @param taps taps the loss reads, gated by the network's own gradient
 */
export function statelessDistillation(
  needsTeacher: boolean,
  taps: readonly string[],
  loss: DistillationStrategy['loss'],
): DistillationStrategy {
  const gate = tapGradientGate(taps)
  return {
    needsTeacher,
    needsObservation: false,
    taps,
    parameters: new Map(),
    splitTap: gate.split,
    observeTeacher: () => undefined,
    finishObservation: () => undefined,
    loss,
    tapGradientNorms: gate.norms,
    state: () => new Map(),
    restore: () => undefined,
    dispose: gate.dispose,
  }
}
