/** Dice overlap of two masks; 1 where both are empty. */
export function diceOf(first: ArrayLike<number>, second: ArrayLike<number>): number {
  let both = 0
  let sum = 0
  for (let i = 0; i < first.length; i++) {
    const a = first[i] > 0 ? 1 : 0
    const b = second[i] > 0 ? 1 : 0
    both += a & b
    sum += a + b
  }
  return sum === 0 ? 1 : (2 * both) / sum
}
