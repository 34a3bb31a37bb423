import {
  lanesFor,
  storageBuffers,
  uniformStruct,
  WORKGROUP_INDEX,
  type Lanes,
  workgroupEntry,
} from './shaderParts.ts'

/**
 * Instance normalisation of B×N×C (N voxels) in three passes a direction: sums of fixed chunks of voxels, their
 * combination, and the pass that writes the result. Chunks follow from the shape alone. Channels are taken four at a time
 * where their number allows it; "lane" below is such a four, or one channel.
 */
export const NORM_THREADS = 128

/** Lanes beside each other in a workgroup; the other threads share out the voxels of a chunk. */
export function normColumns(channels: number): number {
  const lanes = channels / lanesFor(channels).width
  for (const columns of [1, 2, 4, 8]) if (lanes <= columns) return columns
  return 16
}

const ENTRY = workgroupEntry(NORM_THREADS)

/** Adds up `shared` over the threads of one lane, in the order of a tree; afterwards the first of them holds the sum. */
const treeSum = (array: string, columns: number): string => /* wgsl */ `
  for (var half = ${NORM_THREADS / 2}; half >= ${columns}; half /= 2) {
    workgroupBarrier();
    if (thread < half) {
      ${array}[thread] += ${array}[thread + half];
    }
  }
  workgroupBarrier();`

/** Which lane and voxels a thread of a reduction has. A workgroup is one sample, chunk and group of lanes. */
function reductionHead(channels: number): string {
  const columns = normColumns(channels)
  const lanes = channels / lanesFor(channels).width
  const groups = Math.ceil(lanes / columns)
  return /* wgsl */ `
  let task = block / ${groups};
  if (task >= u.samples * u.chunks) {
    return;
  }
  let lane = (block % ${groups}) * ${columns} + thread % ${columns};
  let inside = lane < ${lanes};
  let first = (task % u.chunks) * u.voxelsAChunk;
  let end = min(first + u.voxelsAChunk, u.voxels);
  let base = (task / u.chunks) * u.voxels;
  let begin = first + thread / ${columns};`
}

const SIZES = ['samples', 'voxels', 'chunks', 'voxelsAChunk']

/** (x) → partial, chunks×2×C: the mean of a chunk, then its sum of squared deviations; two passes over cached values. */
export function chunkMomentsShader(channels: number): string {
  const { type, width } = lanesFor(channels)
  const columns = normColumns(channels)
  const lanes = channels / width
  const step = NORM_THREADS / columns
  return /* wgsl */ `
${uniformStruct(2, SIZES)}
${storageBuffers([
  ['x', type],
  ['outPartial', type],
])}
${WORKGROUP_INDEX}
var<workgroup> sums: array<${type}, ${NORM_THREADS}>;
${ENTRY}
${reductionHead(channels)}
  var sum = ${type}(0);
  if (inside) {
    for (var v = begin; v < end; v += ${step}) {
      sum += x[(base + v) * ${lanes} + lane];
    }
  }
  sums[thread] = sum;
  ${treeSum('sums', columns)}
  let mean = sums[thread % ${columns}] / f32(end - first);
  workgroupBarrier();
  var squares = ${type}(0);
  if (inside) {
    for (var v = begin; v < end; v += ${step}) {
      let deviation = x[(base + v) * ${lanes} + lane] - mean;
      squares += deviation * deviation;
    }
  }
  sums[thread] = squares;
  ${treeSum('sums', columns)}
  if (thread < ${columns} && inside) {
    outPartial[task * ${2 * lanes} + lane] = mean;
    outPartial[task * ${2 * lanes} + ${lanes} + lane] = sums[thread];
  }
}`
}

/** (partial) → moments, B×2×C: mean, then 1/√(σ² + ε), by Chan's formula. One thread a sample and lane. */
export function combineMomentsShader(channels: number): string {
  const { type, width } = lanesFor(channels)
  const lanes = channels / width
  return /* wgsl */ `
${uniformStruct(2, SIZES, ['epsilon'])}
${storageBuffers([
  ['partial', type],
  ['outMoments', type],
])}
${WORKGROUP_INDEX}
${ENTRY}
  let at = block * ${NORM_THREADS} + thread;
  if (at >= u.samples * ${lanes}) {
    return;
  }
  let sample = at / ${lanes};
  let lane = at % ${lanes};
  var count = 0.0;
  var mean = ${type}(0);
  var squares = ${type}(0);
  for (var chunk = 0; chunk < u.chunks; chunk++) {
    let entry = (sample * u.chunks + chunk) * ${2 * lanes} + lane;
    let n = f32(min(u.voxelsAChunk, u.voxels - chunk * u.voxelsAChunk));
    let delta = partial[entry] - mean;
    let total = count + n;
    squares += partial[entry + ${lanes}] + delta * delta * (count * n / total);
    mean += delta * (n / total);
    count = total;
  }
  outMoments[sample * ${2 * lanes} + lane] = mean;
  outMoments[sample * ${2 * lanes} + ${lanes} + lane] =
    ${type}(1) / sqrt(squares / count + u.epsilon);
}`
}

const ELEMENT_SIZES = ['size', 'lanesASample']

/** (x, moments, gamma, beta) → y = leaky(γ x̂ + β). One thread a voxel and lane. */
export function normaliseShader(channels: number): string {
  const lane = lanesFor(channels)
  const { type } = lane
  return /* wgsl */ `
${uniformStruct(5, ELEMENT_SIZES, ['slope'])}
${storageBuffers([
  ['x', type],
  ['moments', type],
  ['gamma', type],
  ['beta', type],
  ['outY', type],
])}
${WORKGROUP_INDEX}
${elementHead(lane, channels)}
  let z = (x[at] - mean) * (inverse * gamma[lane]) + beta[lane];
  outY[at] = select(z * u.slope, z, z > ${type}(0));
}`
}

/** (x, dy, moments, gamma, beta) → partial, chunks×2×C: Σdz and Σdz·x̂ of a chunk. */
export function chunkGradientSumsShader(channels: number): string {
  const { type, width } = lanesFor(channels)
  const columns = normColumns(channels)
  const lanes = channels / width
  return /* wgsl */ `
${uniformStruct(6, SIZES, ['slope'])}
${storageBuffers([
  ['x', type],
  ['dy', type],
  ['moments', type],
  ['gamma', type],
  ['beta', type],
  ['outPartial', type],
])}
${WORKGROUP_INDEX}
${throughActivation(type)}
var<workgroup> sums: array<${type}, ${NORM_THREADS}>;
var<workgroup> products: array<${type}, ${NORM_THREADS}>;
${ENTRY}
${reductionHead(channels)}
  var sum = ${type}(0);
  var weighted = ${type}(0);
  if (inside) {
    let mean = moments[(task / u.chunks) * ${2 * lanes} + lane];
    let inverse = moments[(task / u.chunks) * ${2 * lanes} + ${lanes} + lane];
    for (var v = begin; v < end; v += ${NORM_THREADS / columns}) {
      let at = (base + v) * ${lanes} + lane;
      let normalised = (x[at] - mean) * inverse;
      let dz = throughActivation(dy[at], normalised * gamma[lane] + beta[lane]);
      sum += dz;
      weighted += dz * normalised;
    }
  }
  sums[thread] = sum;
  products[thread] = weighted;
  ${treeSum('sums', columns)}
  ${treeSum('products', columns)}
  if (thread < ${columns} && inside) {
    outPartial[task * ${2 * lanes} + lane] = sums[thread];
    outPartial[task * ${2 * lanes} + ${lanes} + lane] = products[thread];
  }
}`
}

/** (partial) → sums (B×2×C), dγ, dβ. One thread a lane. */
export function combineGradientSumsShader(channels: number): string {
  const { type, width } = lanesFor(channels)
  const lanes = channels / width
  return /* wgsl */ `
${uniformStruct(4, SIZES)}
${storageBuffers([
  ['partial', type],
  ['outSums', type],
  ['outGamma', type],
  ['outBeta', type],
])}
${WORKGROUP_INDEX}
${ENTRY}
  let lane = block * ${NORM_THREADS} + thread;
  if (lane >= ${lanes}) {
    return;
  }
  var allSums = ${type}(0);
  var allWeighted = ${type}(0);
  for (var sample = 0; sample < u.samples; sample++) {
    var sum = ${type}(0);
    var weighted = ${type}(0);
    for (var chunk = 0; chunk < u.chunks; chunk++) {
      let entry = (sample * u.chunks + chunk) * ${2 * lanes} + lane;
      sum += partial[entry];
      weighted += partial[entry + ${lanes}];
    }
    outSums[sample * ${2 * lanes} + lane] = sum;
    outSums[sample * ${2 * lanes} + ${lanes} + lane] = weighted;
    allSums += sum;
    allWeighted += weighted;
  }
  outGamma[lane] = allWeighted;
  outBeta[lane] = allSums;
}`
}

/** (x, dy, moments, sums, gamma, beta) → dx = γ/σ · (dz − mean(dz) − x̂ · mean(dz·x̂)). One thread a voxel and lane. */
export function normaliseGradientShader(channels: number): string {
  const lane = lanesFor(channels)
  const { type, width } = lane
  const lanes = channels / width
  return /* wgsl */ `
${uniformStruct(7, [...ELEMENT_SIZES, 'voxels'], ['slope'])}
${storageBuffers([
  ['x', type],
  ['dy', type],
  ['moments', type],
  ['sums', type],
  ['gamma', type],
  ['beta', type],
  ['outDx', type],
])}
${WORKGROUP_INDEX}
${throughActivation(type)}
${elementHead(lane, channels)}
  let normalised = (x[at] - mean) * inverse;
  let dz = throughActivation(dy[at], normalised * gamma[lane] + beta[lane]);
  let share = 1.0 / f32(u.voxels);
  let meanGradient = sums[sample * ${2 * lanes} + lane] * share;
  let meanWeighted = sums[sample * ${2 * lanes} + ${lanes} + lane] * share;
  outDx[at] = gamma[lane] * inverse * (dz - meanGradient - normalised * meanWeighted);
}`
}

function throughActivation(type: string): string {
  return /* wgsl */ `
fn throughActivation(dy: ${type}, z: ${type}) -> ${type} {
  return select(dy * u.slope, dy, z > ${type}(0));
}`
}

function elementHead({ width }: Lanes, channels: number): string {
  const lanes = channels / width
  return /* wgsl */ `${ENTRY}
  let at = block * ${NORM_THREADS} + thread;
  if (at >= u.size) {
    return;
  }
  let lane = at % ${lanes};
  let sample = at / u.lanesASample;
  let mean = moments[sample * ${2 * lanes} + lane];
  let inverse = moments[sample * ${2 * lanes} + ${lanes} + lane];`
}
