/**
 * Discrete Fourier transform in place, radix 2 (Cooley & Tukey 1965).
 *
 * @param real and imaginary parts, of a length that is a power of two
 * @param inverse also divides by the length
 */
export function fourier(real: Float64Array, imaginary: Float64Array, inverse: boolean): void {
  const n = real.length
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1
    for (; j & bit; bit >>= 1) j ^= bit
    j ^= bit
    if (i < j) {
      ;[real[i], real[j]] = [real[j], real[i]]
      ;[imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]]
    }
  }
  for (let length = 2; length <= n; length *= 2) {
    const angle = ((inverse ? 2 : -2) * Math.PI) / length
    const half = length / 2
    for (let k = 0; k < half; k++) {
      const c = Math.cos(angle * k)
      const s = Math.sin(angle * k)
      for (let i = k; i < n; i += length) {
        const re = real[i + half] * c - imaginary[i + half] * s
        const im = real[i + half] * s + imaginary[i + half] * c
        real[i + half] = real[i] - re
        imaginary[i + half] = imaginary[i] - im
        real[i] += re
        imaginary[i] += im
      }
    }
  }
  if (!inverse) return
  for (let i = 0; i < n; i++) {
    real[i] /= n
    imaginary[i] /= n
  }
}
