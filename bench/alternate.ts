/**
 * Measures rivals in turn, round after round, so that whatever else the machine does falls on all of them alike. One that
 * fails is left out of the rounds that follow.
 *
 * @returns the records of each rival, one a round
 */
export function alternate<R>(
  rounds: number,
  rivals: ReadonlyMap<string, () => R | null>,
): Map<string, R[]> {
  const records = new Map<string, R[]>([...rivals.keys()].map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of rivals) {
      const kept = records.get(name)!
      if (kept.length < round) continue
      const record = measure()
      if (record !== null) kept.push(record)
    }
  }
  for (const [name, kept] of records) if (kept.length === 0) records.delete(name)
  return records
}
