/** A figure that the program is held to. */
export interface Target {
  readonly title: string
  /** Null where it was not measured. */
  readonly measured: number | null
  readonly bound: { readonly atLeast: number } | { readonly atMost: number }
  readonly unit: string
}

/** e.g. "reached  training step, wasm: 1.23 × PyTorch's speed (at least 0.5)". */
export function describeTarget({ title, measured, bound, unit }: Target): string {
  const [word, limit] =
    'atLeast' in bound
      ? (['at least', bound.atLeast] as const)
      : (['at most', bound.atMost] as const)
  if (measured === null) return `  unknown  ${title}: not measured (${word} ${limit}${unit})`
  const isReached = 'atLeast' in bound ? measured >= limit : measured <= limit
  const figure = measured.toFixed(measured < 10 ? 2 : 1)
  return `  ${isReached ? 'reached' : 'MISSED '}  ${title}: ${figure}${unit} (${word} ${limit})`
}
