import { LABEL_NAMES, type LabelOperation } from '../../contract/index.ts'

/** What the edit history calls an operation. */
export function labelOperationTitle(operation: LabelOperation): string {
  if (operation.kind === 'smooth-all') return `Smooth all classes (${operation.radiusMm} mm)`
  if (operation.kind === 'grow-from-seeds') return 'Grow from what is drawn'
  const name = LABEL_NAMES[operation.label as 1 | 2 | 3]
  switch (operation.kind) {
    case 'keep-largest':
      return `Keep largest piece of ${name}`
    case 'remove-small':
      return `Remove pieces of ${name} below ${operation.minimumMl} ml`
    case 'smooth':
      return `Smooth ${name} (${operation.radiusMm} mm)`
    case 'grow':
      return `Grow ${name} by ${operation.marginMm} mm`
    case 'shrink':
      return `Shrink ${name} by ${operation.marginMm} mm`
    case 'hollow':
      return `Hollow ${name} to ${operation.thicknessMm} mm`
    case 'interpolate':
      return `Fill slices of ${name}`
    case 'grow-region':
      return `Grow ${name} at the crosshair`
  }
}
