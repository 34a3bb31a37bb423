/** Pearson's correlation of two lists over the indices where `use` is not 0. */
export function correlation(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  use: ArrayLike<number>,
): number {
  let n = 0
  let x = 0
  let y = 0
  for (let i = 0; i < use.length; i++) {
    if (use[i] === 0) continue
    n++
    x += first[i]
    y += second[i]
  }
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < use.length; i++) {
    if (use[i] === 0) continue
    const a = first[i] - x / n
    const b = second[i] - y / n
    xx += a * a
    yy += b * b
    xy += a * b
  }
  return xy / Math.sqrt(xx * yy)
}
