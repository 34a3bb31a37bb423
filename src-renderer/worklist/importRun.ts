import type { ImportEvent, ImportProblem } from '../../src-main/contract/index.ts'
import type { Problem } from '../app/index.ts'

/** What the progress counts: first the files looked at, then slices or cases. */
export type ProgressUnit = 'cases' | 'files' | 'slices'

/** Where an import stands, from choosing a folder to its summary. */
export type ImportRun =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'running'
      readonly done: number
      readonly total: number
      readonly caseName: string
      readonly unit: ProgressUnit
      readonly problems: readonly ImportProblem[]
    }
  | {
      readonly phase: 'done'
      readonly datasetId: string | null
      readonly imported: number
      readonly skipped: number
      readonly problems: readonly ImportProblem[]
    }
  | {
      readonly phase: 'stopped'
      readonly problems: readonly ImportProblem[]
    }
  | {
      readonly phase: 'failed'
      readonly problem: Problem
      readonly problems: readonly ImportProblem[]
    }

export const STARTED: ImportRun = {
  phase: 'running',
  done: 0,
  total: 0,
  caseName: '',
  unit: 'cases',
  problems: [],
}

export const problemsOf = (run: ImportRun): readonly ImportProblem[] =>
  run.phase === 'idle' ? [] : run.problems

/** The run after one more event; events after the end change nothing. */
export const advanceImport = (run: ImportRun, event: ImportEvent): ImportRun => {
  if (run.phase !== 'running') return run
  switch (event.type) {
    case 'progress':
      return {
        ...run,
        done: event.done,
        total: event.total,
        caseName: event.caseName,
        unit: event.unit ?? 'cases',
      }
    case 'problem':
      return { ...run, problems: [...run.problems, event.problem] }
    case 'done':
      if (event.stopped) return { phase: 'stopped', problems: run.problems }
      return {
        phase: 'done',
        datasetId: event.datasetId,
        imported: event.imported,
        skipped: event.skipped,
        problems: run.problems,
      }
  }
}
