/** When to stop, in the units of the parameters. */
export interface MinimiseOptions {
  /** Half width of the central differences that stand for the gradient. */
  readonly differenceStep: number
  /** Longest step of one iteration. */
  readonly longestStep: number
  /** A step shorter than this ends the search. */
  readonly tolerance: number
  readonly maxIterations: number
}

const ARMIJO = 1e-4
const MAX_HALVINGS = 8

/**
 * Finds a local minimum by BFGS (Nocedal & Wright 2006, ch. 6) with central differences and a halving line search. Made for
 * a few parameters of like scale and a function that is smooth but for some sampling noise. Deterministic.
 */
export function minimise(
  value: (parameters: readonly number[]) => number,
  start: readonly number[],
  options: MinimiseOptions,
): { readonly parameters: number[]; readonly value: number } {
  const n = start.length
  const gradientAt = (x: readonly number[]): number[] =>
    x.map((_, i) => {
      const moved = (by: number): number[] => x.map((v, j) => (j === i ? v + by : v))
      const h = options.differenceStep
      return (value(moved(h)) - value(moved(-h))) / (2 * h)
    })
  let x = [...start]
  let fx = value(x)
  let gradient = gradientAt(x)
  let inverse: number[] | null = null
  for (let iteration = 0; iteration < options.maxIterations; iteration++) {
    const steepest = Math.hypot(...gradient)
    if (steepest === 0) break
    let direction = inverse
      ? multiply(inverse, gradient, n).map((v) => -v)
      : gradient.map((v) => (-v / steepest) * options.longestStep)
    let slope = dot(direction, gradient)
    if (slope >= 0) {
      inverse = null
      direction = gradient.map((v) => (-v / steepest) * options.longestStep)
      slope = dot(direction, gradient)
    }
    const length = Math.hypot(...direction)
    let scale = Math.min(1, options.longestStep / length)
    let next = x
    let fNext = fx
    let accepted = false
    for (let halving = 0; halving < MAX_HALVINGS; halving++, scale /= 2) {
      next = x.map((v, i) => v + scale * direction[i])
      fNext = value(next)
      accepted = fNext <= fx + ARMIJO * scale * slope
      if (accepted || scale * length < options.tolerance) break
    }
    if (!accepted) {
      // A bad quadratic model is forgotten once; with none, this is as low as it gets.
      if (!inverse) break
      inverse = null
      continue
    }
    const nextGradient = gradientAt(next)
    const step = next.map((v, i) => v - x[i])
    const change = nextGradient.map((v, i) => v - gradient[i])
    inverse = updateInverse(inverse, step, change, n)
    x = next
    fx = fNext
    gradient = nextGradient
    if (Math.hypot(...step) < options.tolerance) break
  }
  return { parameters: x, value: fx }
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, v, i) => sum + v * b[i], 0)

const multiply = (matrix: readonly number[], vector: readonly number[], n: number): number[] =>
  vector.map((_, row) => {
    let sum = 0
    for (let column = 0; column < n; column++) sum += matrix[n * row + column] * vector[column]
    return sum
  })

/** The BFGS update of the inverse Hessian; the old one where the curvature along the step is not positive. */
function updateInverse(
  inverse: number[] | null,
  step: readonly number[],
  change: readonly number[],
  n: number,
): number[] | null {
  const curvature = dot(step, change)
  if (!(curvature > 1e-12 * Math.hypot(...step) * Math.hypot(...change))) return inverse
  const scale = curvature / dot(change, change)
  const old = inverse ?? Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? scale : 0))
  const hy = multiply(old, change, n)
  const yhy = dot(change, hy)
  return old.map((v, index) => {
    const row = Math.floor(index / n)
    const column = index % n
    return (
      v +
      ((1 + yhy / curvature) * step[row] * step[column]) / curvature -
      (hy[row] * step[column] + step[row] * hy[column]) / curvature
    )
  })
}
