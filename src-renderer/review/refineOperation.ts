import type { LabelOperation, Sequence } from '../../src-main/contract/index.ts'

export type OperationKind = LabelOperation['kind']

/** The one number an operation takes: its name in the operation, bounds, unit and where the field starts. */
export interface OperationAmount {
  readonly name: 'minimumMl' | 'radiusMm' | 'marginMm' | 'thicknessMm' | 'tolerance' | 'reachMm'
  readonly unit: 'ml' | 'mm' | 'deviations'
  readonly start: number
  readonly step: number
  readonly max: number
}

const mm = (name: OperationAmount['name'], start: number, max: number): OperationAmount => ({
  name,
  unit: 'mm',
  start,
  step: 0.5,
  max,
})

/** In the order of the list; null where an operation takes no number. */
export const OPERATION_AMOUNTS: Readonly<Record<OperationKind, OperationAmount | null>> = {
  'remove-small': { name: 'minimumMl', unit: 'ml', start: 0.1, step: 0.05, max: 100 },
  'keep-largest': null,
  smooth: mm('radiusMm', 1.5, 10),
  'smooth-all': mm('radiusMm', 1, 10),
  interpolate: null,
  grow: mm('marginMm', 1, 20),
  shrink: mm('marginMm', 1, 20),
  hollow: mm('thicknessMm', 2, 20),
  'grow-region': { name: 'tolerance', unit: 'deviations', start: 2.5, step: 0.25, max: 10 },
  'grow-from-seeds': mm('reachMm', 10, 30),
}

export interface RefineChoice {
  readonly kind: OperationKind
  readonly label: number
  readonly amount: number
  /** Index axis the drawn slices follow each other along. */
  readonly axis: number
  readonly sequence: Sequence
  /** Flat index of the crosshair. */
  readonly voxel: number
}

/** The operation that a choice of the form means. */
export function operationOf(choice: RefineChoice): LabelOperation {
  const { kind, label, amount, axis, sequence, voxel } = choice
  switch (kind) {
    case 'keep-largest':
      return { kind, label }
    case 'remove-small':
      return { kind, label, minimumMl: amount }
    case 'smooth':
      return { kind, label, method: 'median', radiusMm: amount }
    case 'smooth-all':
      return { kind, radiusMm: amount }
    case 'grow':
    case 'shrink':
      return { kind, label, marginMm: amount }
    case 'hollow':
      return { kind, label, thicknessMm: amount }
    case 'interpolate':
      return { kind, label, axis }
    case 'grow-region':
      return { kind, label, sequence, voxel, tolerance: amount }
    case 'grow-from-seeds':
      return { kind, sequence, reachMm: amount }
  }
}
