import { inject, type ComputedRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import type { CaseDetail, Job, Sequence } from '../../src-main/contract/index.ts'
import type { Problem } from '../app/index.ts'
import type { EditableClass, LabelSession, PaintOptions, PaintToolName } from '../editing/index.ts'
import type { PointerMode, ViewerModel } from '../viewer/index.ts'
import type { CaseActions } from './useCaseActions.ts'

export type ToolName = Exclude<PointerMode, 'paint'> | PaintToolName

/** What the parts of the review page share about the open case. */
export interface CaseContext {
  detail: ComputedRef<CaseDetail>
  classes: ComputedRef<readonly EditableClass[]>
  model: ViewerModel
  session: Readonly<ShallowRef<LabelSession | null>>
  /** Why the label could not be opened, or null. */
  labelProblem: Readonly<ShallowRef<Problem | null>>
  /** Fractions received of the images on their way, and problems of those that failed. */
  progress: Readonly<Ref<Partial<Record<Sequence, number>>>>
  imageProblems: Readonly<Ref<Partial<Record<Sequence, Problem>>>>
  paint: PaintOptions
  /** Keeps the brush to intensities inside the present window. */
  brushInWindow: Ref<boolean>
  tool: Ref<ToolName>
  /** The proposal's canonical labels; null while there is none on screen. */
  proposalVoxels: Readonly<ShallowRef<Uint8Array | null>>
  uncertaintyVoxels: Readonly<ShallowRef<Uint8Array | null>>
  /** The prediction that is running for this case. */
  prediction: Readonly<ShallowRef<Job | null>>
  actions: CaseActions
}

export const CASE_CONTEXT: InjectionKey<CaseContext> = Symbol('case')

/** @throws Error outside an open case: a mistake of the programmer, not of the reader */
export function useCaseContext(): CaseContext {
  const context = inject(CASE_CONTEXT)
  if (!context) throw new Error('A part of the review page was used outside an open case.')
  return context
}
