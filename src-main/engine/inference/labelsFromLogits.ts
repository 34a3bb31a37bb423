/** Turns logits (one volume a class) into class probabilities, in place. */
export function softmaxInPlace(logits: readonly Float32Array[]): void {
  const voxels = logits[0].length
  for (let i = 0; i < voxels; i++) {
    let largest = -Infinity
    for (const volume of logits) if (volume[i] > largest) largest = volume[i]
    let sum = 0
    for (const volume of logits) {
      volume[i] = Math.exp(volume[i] - largest)
      sum += volume[i]
    }
    for (const volume of logits) volume[i] /= sum
  }
}

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

/** Entropy of the class probabilities of every voxel, 0 (sure) to 255 (all classes alike). */
export function entropyMap(probabilities: readonly Float32Array[]): Uint8Array {
  const scale = 255 / Math.log(probabilities.length)
  const map = new Uint8Array(probabilities[0].length)
  for (let i = 0; i < map.length; i++) {
    let entropy = 0
    for (const volume of probabilities) {
      const p = volume[i]
      if (p > 0) entropy -= p * Math.log(p)
    }
    map[i] = Math.round(Math.min(255, Math.max(0, entropy * scale)))
  }
  return map
}
