/**
 * Copies one H×W×C plane into a zero-framed one, so that a convolution's inner loop needs no border checks.
 *
 * @param padRows rows of zeros above the image; negative drops rows of the image
 * @param padColumns columns of zeros left of it; negative drops columns
 */
export function copyPaddedPlane(
  target: usize,
  source: usize,
  rows: i32,
  columns: i32,
  pixelBytes: i32,
  padRows: i32,
  padColumns: i32,
  paddedRows: i32,
  paddedColumns: i32,
): void {
  const rowBytes = <usize>(paddedColumns * pixelBytes)
  const firstColumn = max(padColumns, 0)
  const endColumn = min(padColumns + columns, paddedColumns)
  const skipped = max(-padColumns, 0)
  for (let row = 0; row < paddedRows; row++) {
    const sourceRow = row - padRows
    if (sourceRow < 0 || sourceRow >= rows || endColumn <= firstColumn) {
      memory.fill(target, 0, rowBytes)
    } else {
      const left = <usize>(firstColumn * pixelBytes)
      const middle = <usize>((endColumn - firstColumn) * pixelBytes)
      if (left) memory.fill(target, 0, left)
      memory.copy(
        target + left,
        source + <usize>(sourceRow * columns + skipped) * <usize>pixelBytes,
        middle,
      )
      if (left + middle < rowBytes) memory.fill(target + left + middle, 0, rowBytes - left - middle)
    }
    target += rowBytes
  }
}
