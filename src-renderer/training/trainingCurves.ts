import type { JobEvent } from '../../src-main/contract/index.ts'

type StepEvent = Extract<JobEvent, { type: 'step' }>
type GraphEvent = Extract<JobEvent, { type: 'graph' }>
type ValidationEvent = Extract<JobEvent, { type: 'validation' }>

export interface LogLine {
  readonly kind: 'info' | 'warning' | 'checkpoint'
  readonly message: string
  readonly step: number | null
  readonly best: boolean
}

/** What a job's events amount to, ready to be drawn. All columns of a table have equal length. */
export interface TrainingCurves {
  readonly steps: readonly number[]
  readonly loss: readonly number[]
  /** Every loss term by name; null where a step does not name it. */
  readonly terms: ReadonlyMap<string, readonly (number | null)[]>
  readonly latest: StepEvent | null
  readonly validations: readonly ValidationEvent[]
  /** Snapshots of a graph distillation, oldest first; empty without one. */
  readonly graphs: readonly GraphEvent[]
  readonly log: readonly LogLine[]
}

export const NO_CURVES: TrainingCurves = {
  steps: [],
  loss: [],
  terms: new Map(),
  latest: null,
  validations: [],
  graphs: [],
  log: [],
}

export interface CurveCollector {
  add(event: JobEvent): void
  /** The curves now. A new object each time, so that a view sees the change. */
  snapshot(): TrainingCurves
}

/**
 * Builds curves from a job's events, in the order in which they were written. A resumed job repeats the steps since
 * its last checkpoint: the repeated points replace the earlier ones, so that a curve never runs backwards.
 */
export const createCurveCollector = (): CurveCollector => {
  let steps: StepEvent[] = []
  let validations: ValidationEvent[] = []
  let graphs: GraphEvent[] = []
  const log: LogLine[] = []

  const before = <T extends { step: number }>(events: T[], step: number): T[] => {
    // Events come in order, so almost always nothing is cut.
    if ((events.at(-1)?.step ?? -1) < step) return events
    return events.filter((event) => event.step < step)
  }
  return {
    add: (event) => {
      switch (event.type) {
        case 'step':
          steps = before(steps, event.step)
          steps.push(event)
          // A validation after this step belongs to a run that was taken back.
          validations = validations.filter((validation) => validation.step <= event.step)
          graphs = graphs.filter((graph) => graph.step <= event.step)
          return
        case 'validation':
          validations = before(validations, event.step)
          validations.push(event)
          return
        case 'graph':
          graphs = before(graphs, event.step)
          graphs.push(event)
          return
        case 'checkpoint':
          log.push({ kind: 'checkpoint', message: '', step: event.step, best: event.best })
          return
        case 'log':
          log.push({ kind: event.level, message: event.message, step: null, best: false })
      }
    },
    snapshot: () => {
      const names = [...new Set(steps.flatMap((event) => Object.keys(event.terms)))]
      return {
        steps: steps.map((event) => event.step),
        loss: steps.map((event) => event.loss),
        terms: new Map(
          names.map((name) => [name, steps.map((event) => event.terms[name] ?? null)]),
        ),
        latest: steps.at(-1) ?? null,
        validations: [...validations],
        graphs: [...graphs],
        log: [...log],
      }
    },
  }
}

/** The best mean Dice over all validations and where it was reached; null before the first. */
export const bestValidation = (
  validations: readonly ValidationEvent[],
): { step: number; meanDice: number } | null =>
  validations.reduce<{ step: number; meanDice: number } | null>(
    (best, { step, meanDice }) =>
      meanDice !== null && (best === null || meanDice > best.meanDice) ? { step, meanDice } : best,
    null,
  )
