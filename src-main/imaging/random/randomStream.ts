/** The state of a stream, four 32-bit words; stored in checkpoints so that a run continues bit for bit. */
export type RandomState = readonly [number, number, number, number]

/**
 * A seeded stream of random numbers (xoshiro128**, Blackman & Vigna 2018, doi 10.1145/3460772). Every
 * purpose (initialisation, sampling, augmentation, …) draws from a stream of its own, so that a change
 * in one does not shift the others.
 */
export interface RandomStream {
  /** Uniform in [0, 1) with 32 bits. */
  uniform(): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** Uniform integer in [0, count). Throws a RangeError where count < 1. */
  integer(count: number): number
  /** Standard normal (polar-free Box–Muller; draws two uniforms a call, so the stream stays in step). */
  normal(): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** A new array in random order (Fisher–Yates). */
  shuffled<T>(items: readonly T[]): T[]
  /** An independent stream named after its purpose; does not advance this one. */
  fork(purpose: string): RandomStream
  state(): RandomState
  restore(state: RandomState): void
}

/** FNV-1a over UTF-16 code units. */
function hashText(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  }
  return hash
}

/** splitmix32: spreads a 32-bit seed over the four state words. */
function expandSeed(seed: number): RandomState {
  let x = seed >>> 0
  const next = (): number => {
    x = (x + 0x9e3779b9) >>> 0
    let z = x
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }
  return [next(), next(), next(), next()]
}

const rotateLeft = (x: number, k: number): number => ((x << k) | (x >>> (32 - k))) >>> 0

/**
 * Opens a stream. The same seed and purpose give the same numbers on every machine.
 *
 * @param seed any integer; only its low 32 bits count
 */
export function randomStream(seed: number, purpose = ''): RandomStream {
  const root = hashText(purpose, seed >>> 0)
  let [a, b, c, d] = expandSeed(root ^ Math.imul(seed >>> 0, 0x85ebca6b))

  const word = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5) >>> 0, 7), 9) >>> 0
    const t = (b << 9) >>> 0
    c = (c ^ a) >>> 0
    d = (d ^ b) >>> 0
    b = (b ^ c) >>> 0
    a = (a ^ d) >>> 0
    c = (c ^ t) >>> 0
    d = rotateLeft(d, 11)
    return result
  }
  const uniform = (): number => word() / 4294967296

  const stream: RandomStream = {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    integer: (count) => {
      if (!(count >= 1)) throw new RangeError(`integer(count) needs count ≥ 1, got ${count}`)
      return Math.floor(uniform() * count)
    },
    normal: () => {
      const u = uniform()
      const v = uniform()
      return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v)
    },
    chance: (probability) => uniform() < probability,
    shuffled: (items) => {
      const result = [...items]
      for (let i = result.length - 1; i > 0; i--) {
        const j = stream.integer(i + 1)
        const held = result[i]
        result[i] = result[j]
        result[j] = held
      }
      return result
    },
    fork: (name) => randomStream(root, `${purpose}/${name}`),
    state: () => [a, b, c, d],
    restore: (state) => {
      ;[a, b, c, d] = state
    },
  }
  return stream
}
