import {
  TAP_FUNCTIONS,
  WORKGROUP_INDEX,
  elementEntry,
  repeat,
  storageBuffers,
  uniformStruct,
  workgroupEntry,
} from './shaderParts.ts'

/** What is compiled into a filter gradient's shader; sizes of volumes are uniforms. */
export interface FilterGradientShape {
  readonly inChannels: number
  readonly outChannels: number
}

const THREADS = 64
/** Voxels read into workgroup memory at a time. */
const VOXELS = 16

export interface FilterGradientTile {
  /** Output channels, in fours. */
  readonly columns: number
  readonly rowFoursAThread: 1 | 2
  /** Rows (a tap and an input channel), in fours. */
  readonly rowFours: number
}

export function filterGradientTile(outChannels: number): FilterGradientTile {
  const fours = Math.ceil(outChannels / 4)
  const columns = fours >= 8 ? 8 : fours >= 3 ? 4 : fours
  const rowFoursAThread = columns >= 4 ? 2 : 1
  return { columns, rowFoursAThread, rowFours: (THREADS / columns) * rowFoursAThread }
}

export const FILTER_GRADIENT_UNIFORMS = [
  ...['inD', 'inH', 'inW', 'outD', 'outH', 'outW', 'stride', 'padD', 'padH', 'padW'],
  ...['voxels', 'voxelsAChunk', 'firstChunk', 'lastChunk', 'taps', 'tapsH', 'tapsW'],
  ...['inChannels', 'outChannels'],
] as const

/**
 * First pass of a filter gradient, dW[tap, c, o] = Σ over voxels v of x[v·stride + tap − pad, c] · dy[v, o]: a matrix
 * product whose inner dimension is the voxels, millions of them against a few thousand results. It is therefore cut into
 * chunks of voxels (split-K): each workgroup adds up one chunk for one block of the filter and writes it to `outPartial`,
 * chunks×taps×in×out. Chunks follow from the shapes alone, so that the order of additions is always the same.
 */
export function filterGradientShader(shape: FilterGradientShape): string {
  const { inChannels, outChannels } = shape
  const { columns, rowFoursAThread, rowFours } = filterGradientTile(outChannels)
  const vectorIn = inChannels % 4 === 0
  const vectorOut = outChannels % 4 === 0
  const threadRows = THREADS / columns
  const ins = vectorIn ? String(inChannels) : 'u.inChannels'
  const outs = vectorOut ? String(outChannels) : 'u.outChannels'
  return /* wgsl */ `
${uniformStruct(3, FILTER_GRADIENT_UNIFORMS)}
${storageBuffers([
  ['x', vectorIn ? 'vec4<f32>' : 'f32'],
  ['dy', vectorOut ? 'vec4<f32>' : 'f32'],
  ['outPartial', 'f32'],
])}
${WORKGROUP_INDEX}

// First input voxel of an output voxel (its tap 0), and its sample; −1 behind the chunk's end. Two halves: one is read
// while the other is made.
var<workgroup> origins: array<vec4<i32>, ${2 * VOXELS}>;
var<workgroup> gathered: array<vec4<f32>, ${VOXELS * rowFours}>;
var<workgroup> gradients: array<vec4<f32>, ${VOXELS * columns}>;

fn originOf(voxel: i32, end: i32) -> vec4<i32> {
  let w = voxel % u.outW;
  let h = (voxel / u.outW) % u.outH;
  let plane = voxel / (u.outW * u.outH);
  let at = vec3<i32>(plane % u.outD, h, w) * u.stride - vec3<i32>(u.padD, u.padH, u.padW);
  return vec4<i32>(at, select(-1, plane / u.outD, voxel < end));
}
${TAP_FUNCTIONS}

// Four channels of dy.
fn gradientAt(voxel: i32, end: i32, column: i32) -> vec4<f32> {
  if (voxel >= end || column * 4 >= ${outs}) {
    return vec4<f32>(0);
  }
  ${vectorOut ? `return dy[voxel * ${outChannels / 4} + column];` : READ_SCALARS}
}

fn store(chunk: i32, row: i32, column: i32, values: vec4<f32>) {
  let rows = u.taps * ${ins};
  if (row >= rows) {
    return;
  }
  for (var lane = 0; lane < 4; lane++) {
    let n = column * 4 + lane;
    if (n < ${outs}) {
      outPartial[(chunk * rows + row) * ${outs} + n] = values[lane];
    }
  }
}

${workgroupEntry(THREADS)}
  let rowBlocks = (u.taps * ${ins} + ${rowFours * 4 - 1}) / ${rowFours * 4};
  let columnBlocks = (${outs} + ${columns * 4 - 1}) / ${columns * 4};
  let chunk = u.firstChunk + block / (rowBlocks * columnBlocks);
  if (chunk >= u.lastChunk) {
    return;
  }
  let firstRowFour = ((block / columnBlocks) % rowBlocks) * ${rowFours};
  let firstColumn = (block % columnBlocks) * ${columns};
  let begin = chunk * u.voxelsAChunk;
  let end = min(begin + u.voxelsAChunk, u.voxels);
  if (thread < ${VOXELS}) {
    origins[thread] = originOf(begin + thread, end);
  }
  // Every thread reads the same rows of all voxels: the number of threads is a multiple of the block's.
  let ownFour = thread % ${rowFours};
  let rowFour = firstRowFour + ownFour;
  ${vectorIn ? `let tap = tapOf(rowFour / ${inChannels / 4});` : ''}
  let threadColumn = thread % ${columns};
  let threadRow = thread / ${columns};
  ${repeat(4 * rowFoursAThread, (i) => `var sum${i} = vec4<f32>(0);`)}
  var side = 0;
  for (var start = begin; start < end; start += ${VOXELS}) {
    workgroupBarrier();
    ${vectorIn ? gatherVectors(inChannels, rowFours) : gatherScalars(rowFours)}
    for (var i = thread; i < ${VOXELS * columns}; i += ${THREADS}) {
      gradients[i] = gradientAt(start + i / ${columns}, end, firstColumn + i % ${columns});
    }
    side = ${VOXELS} - side;
    if (thread < ${VOXELS}) {
      origins[side + thread] = originOf(start + ${VOXELS} + thread, end);
    }
    workgroupBarrier();
    for (var v = 0; v < ${VOXELS}; v++) {
      let g = gradients[v * ${columns} + threadColumn];
      ${repeat(
        rowFoursAThread,
        (i) => `
      let a${i} = gathered[v * ${rowFours} + ${i * threadRows} + threadRow];
      sum${i * 4} += g * a${i}.x;
      sum${i * 4 + 1} += g * a${i}.y;
      sum${i * 4 + 2} += g * a${i}.z;
      sum${i * 4 + 3} += g * a${i}.w;`,
      )}
    }
  }
  let column = firstColumn + threadColumn;
  ${repeat(4 * rowFoursAThread, (i) => {
    const rowFour = `(firstRowFour + ${Math.floor(i / 4) * threadRows} + threadRow)`
    return `store(chunk, ${rowFour} * 4 + ${i % 4}, column, sum${i});`
  })}
}`
}

/** Second pass: adds the chunks of every element in their order. One thread an element. */
export function sumChunksShader(): string {
  return /* wgsl */ `
${uniformStruct(2, ['chunks', 'size'])}
${storageBuffers([
  ['partial', 'f32'],
  ['outSum', 'f32'],
])}
${elementEntry(THREADS)}
  var sum = 0.0;
  for (var chunk = 0; chunk < u.chunks; chunk++) {
    sum += partial[chunk * u.size + at];
  }
  outSum[at] = sum;
}`
}

function gatherVectors(inChannels: number, rowFours: number): string {
  return /* wgsl */ `
    for (var v = thread / ${rowFours}; v < ${VOXELS}; v += ${THREADS / rowFours}) {
      let voxel = voxelOf(origins[side + v], tap);
      var values = vec4<f32>(0);
      if (voxel >= 0 && rowFour * 4 < u.taps * ${inChannels}) {
        values = x[voxel * ${inChannels / 4} + rowFour % ${inChannels / 4}];
      }
      gathered[v * ${rowFours} + ownFour] = values;
    }`
}

function gatherScalars(rowFours: number): string {
  return /* wgsl */ `
    for (var v = thread / ${rowFours}; v < ${VOXELS}; v += ${THREADS / rowFours}) {
      var values = vec4<f32>(0);
      for (var lane = 0; lane < 4; lane++) {
        let row = rowFour * 4 + lane;
        let voxel = voxelOf(origins[side + v], tapOf(row / u.inChannels));
        if (voxel >= 0 && row < u.taps * u.inChannels) {
          values[lane] = x[voxel * u.inChannels + row % u.inChannels];
        }
      }
      gathered[v * ${rowFours} + ownFour] = values;
    }`
}

const READ_SCALARS = /* wgsl */ `
  var values = vec4<f32>(0);
  for (var lane = 0; lane < 4; lane++) {
    let n = column * 4 + lane;
    if (n < u.outChannels) {
      values[lane] = dy[voxel * u.outChannels + n];
    }
  }
  return values;`
