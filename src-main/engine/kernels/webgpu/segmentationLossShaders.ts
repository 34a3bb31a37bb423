import { storageBuffers, uniformStruct, WORKGROUP_INDEX, workgroupEntry } from './shaderParts.ts'

export const LOSS_THREADS = 64
export const LOSS_VOXELS_A_CHUNK = 2048

/** Sums of a chunk: Σ y·log p, then a class each Σ p·y, Σ p, Σ y. */
export function lossSums(classes: number): number {
  return 1 + 3 * classes
}

const ENTRY = workgroupEntry(LOSS_THREADS)

/** (logits, target) → probabilities and the sums of every chunk of voxels. A workgroup is one chunk. */
export function chunkLossShader(classes: number): string {
  const width = lossSums(classes)
  return /* wgsl */ `
${uniformStruct(4, ['voxels'])}
${storageBuffers([
  ['logits', 'f32'],
  ['targets', 'f32'],
  ['outProbabilities', 'f32'],
  ['outPartial', 'f32'],
])}
${WORKGROUP_INDEX}
var<workgroup> sums: array<f32, ${LOSS_THREADS}>;
${ENTRY}
  let first = block * ${LOSS_VOXELS_A_CHUNK};
  if (first >= u.voxels) {
    return;
  }
  let end = min(first + ${LOSS_VOXELS_A_CHUNK}, u.voxels);
  var own: array<f32, ${width}>;
  for (var v = first + thread; v < end; v += ${LOSS_THREADS}) {
    let at = v * ${classes};
    var best = logits[at];
    for (var c = 1; c < ${classes}; c++) {
      best = max(best, logits[at + c]);
    }
    var total = 0.0;
    for (var c = 0; c < ${classes}; c++) {
      total += exp(logits[at + c] - best);
    }
    // log p without p, which underflows long before its logarithm is large.
    let logTotal = best + log(total);
    for (var c = 0; c < ${classes}; c++) {
      let logP = logits[at + c] - logTotal;
      let p = exp(logits[at + c] - best) / total;
      let y = targets[at + c];
      outProbabilities[at + c] = p;
      own[0] += y * logP;
      own[1 + 3 * c] += p * y;
      own[2 + 3 * c] += p;
      own[3 + 3 * c] += y;
    }
  }
  for (var i = 0; i < ${width}; i++) {
    workgroupBarrier();
    sums[thread] = own[i];
    for (var half = ${LOSS_THREADS / 2}; half > 0; half /= 2) {
      workgroupBarrier();
      if (thread < half) {
        sums[thread] += sums[thread + half];
      }
    }
    if (thread == 0) {
      outPartial[block * ${width} + i] = sums[0];
    }
  }
}`
}

/** (partial) → total, dice, cross-entropy, and ∂total/∂p of a class as slopes (2·classes). One workgroup. */
export function combineLossShader(classes: number): string {
  const width = lossSums(classes)
  const foreground = classes - 1
  return /* wgsl */ `
${uniformStruct(5, ['chunks', 'voxels'], ['diceWeight', 'entropyWeight', 'smoothing'])}
${storageBuffers([
  ['partial', 'f32'],
  ['outTotal', 'f32'],
  ['outDice', 'f32'],
  ['outEntropy', 'f32'],
  ['outSlopes', 'f32'],
])}
${WORKGROUP_INDEX}
var<workgroup> sums: array<f32, ${width}>;
${ENTRY}
  for (var i = thread; i < ${width}; i += ${LOSS_THREADS}) {
    // Kahan's summation: chunks are many and the sum is what the loss is read from.
    var sum = 0.0;
    var rest = 0.0;
    for (var chunk = 0; chunk < u.chunks; chunk++) {
      let term = partial[chunk * ${width} + i] - rest;
      let next = sum + term;
      rest = (next - sum) - term;
      sum = next;
    }
    sums[i] = sum;
  }
  workgroupBarrier();
  if (thread > 0 || block > 0) {
    return;
  }
  var ratios = 0.0;
  outSlopes[0] = 0.0;
  outSlopes[1] = 0.0;
  for (var c = 1; c < ${classes}; c++) {
    let overlap = 2.0 * sums[1 + 3 * c] + u.smoothing;
    let mass = sums[2 + 3 * c] + sums[3 + 3 * c] + u.smoothing;
    ratios += overlap / mass;
    outSlopes[2 * c] = -2.0 * u.diceWeight / (${foreground}.0 * mass);
    outSlopes[2 * c + 1] = u.diceWeight * (overlap / mass) / (${foreground}.0 * mass);
  }
  let dice = 1.0 - ratios / ${foreground}.0;
  let entropy = -sums[0] / f32(u.voxels);
  outTotal[0] = u.diceWeight * dice + u.entropyWeight * entropy;
  outDice[0] = dice;
  outEntropy[0] = entropy;
}`
}

/**
 * (probabilities, target, slopes) → gradient of the total by the logits. With q = ∂total/∂p of the Dice term,
 * ∂total/∂z_c = w (p_c Σy − y_c) / N + p_c (q_c − Σ_k p_k q_k). One thread a voxel.
 */
export function lossGradientShader(classes: number): string {
  return /* wgsl */ `
${uniformStruct(4, ['voxels'], ['entropyShare'])}
${storageBuffers([
  ['probabilities', 'f32'],
  ['targets', 'f32'],
  ['slopes', 'f32'],
  ['outGradient', 'f32'],
])}
${WORKGROUP_INDEX}
${ENTRY}
  let voxel = block * ${LOSS_THREADS} + thread;
  if (voxel >= u.voxels) {
    return;
  }
  let at = voxel * ${classes};
  var mass = 0.0;
  var pull = 0.0;
  for (var c = 0; c < ${classes}; c++) {
    let y = targets[at + c];
    mass += y;
    pull += probabilities[at + c] * (slopes[2 * c] * y + slopes[2 * c + 1]);
  }
  for (var c = 0; c < ${classes}; c++) {
    let p = probabilities[at + c];
    let y = targets[at + c];
    let q = slopes[2 * c] * y + slopes[2 * c + 1];
    outGradient[at + c] = u.entropyShare * (p * mass - y) + p * (q - pull);
  }
}`
}
