/** The most probable class of every voxel; the lower label on a tie. */
export function mostProbableLabels(scores: readonly Float32Array[]): Uint8Array {
  const labels = new Uint8Array(scores[0].length)
  for (let i = 0; i < labels.length; i++) {
    let best = 0
    for (let c = 1; c < scores.length; c++) if (scores[c][i] > scores[best][i]) best = c
    labels[i] = best
  }
  return labels
}
