/**
 * Eigenvalues and eigenvectors of a real symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan,
 * Matrix Computations, §8.5). Deterministic: largest eigenvalue first, every vector with its largest
 * component positive.
 *
 * @param matrix n×n row-major; read only
 * @returns `values` n; `vectors` n×n row-major, column j belongs to value j
 */
export function symmetricEigenvectors(
  matrix: Float64Array,
  n: number,
): { values: Float64Array; vectors: Float64Array } {
  const a = Float64Array.from(matrix)
  const v = new Float64Array(n * n)
  for (let i = 0; i < n; i++) v[i * n + i] = 1
  const scale = Math.sqrt(a.reduce((sum, x) => sum + x * x, 0))

  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(a, n) > TOLERANCE * scale; sweep++) {
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q)
    }
  }

  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j] - a[i * n + i])
  const values = Float64Array.from(order, (i) => a[i * n + i])
  const vectors = new Float64Array(n * n)
  order.forEach((from, to) => {
    let largest = 0
    for (let i = 0; i < n; i++) {
      if (Math.abs(v[i * n + from]) > Math.abs(largest)) largest = v[i * n + from]
    }
    const sign = largest < 0 ? -1 : 1
    for (let i = 0; i < n; i++) vectors[i * n + to] = sign * v[i * n + from]
  })
  return { values, vectors }
}

/** Convergence is quadratic; ten sweeps are plenty for a few hundred rows. */
const MAX_SWEEPS = 30
const TOLERANCE = 1e-12

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) if (i !== j) sum += a[i * n + j] ** 2
  }
  return Math.sqrt(sum)
}

/** Rotates rows and columns p and q so that a[p, q] becomes 0. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]
  if (apq === 0) return
  const theta = (a[q * n + q] - a[p * n + p]) / (2 * apq)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (let k = 0; k < n; k++) {
    const kp = a[k * n + p]
    const kq = a[k * n + q]
    a[k * n + p] = c * kp - s * kq
    a[k * n + q] = s * kp + c * kq
  }
  for (let k = 0; k < n; k++) {
    const pk = a[p * n + k]
    const qk = a[q * n + k]
    a[p * n + k] = c * pk - s * qk
    a[q * n + k] = s * pk + c * qk
  }
  for (let k = 0; k < n; k++) {
    const kp = v[k * n + p]
    const kq = v[k * n + q]
    v[k * n + p] = c * kp - s * kq
    v[k * n + q] = s * kp + c * kq
  }
}
