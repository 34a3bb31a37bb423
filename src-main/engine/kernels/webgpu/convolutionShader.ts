import {
  TAP_FUNCTIONS,
  WORKGROUP_INDEX,
  repeat,
  storageBuffers,
  uniformStruct,
  workgroupEntry,
} from './shaderParts.ts'

/** What is compiled into a convolution's shader; sizes of volumes and filters are uniforms. */
export interface ConvolutionShape {
  readonly inChannels: number
  readonly outChannels: number
  /** Whether the filter lies as taps×out×in, as a filter does for the gradient of its input. */
  readonly transposed: boolean
}

/** Threads of a workgroup. */
const THREADS = 64

/** Sizes of the block of outputs that one workgroup computes. */
export interface ConvolutionTile {
  /** Output channels, in fours. */
  readonly columns: number
  readonly rowsAThread: number
  /** Output voxels. */
  readonly rows: number
  /** Input channels and taps read into workgroup memory at a time, in fours. */
  readonly depth: number
}

/** The widest block of channels that the layer fills; 12 to 16 KiB of workgroup memory at most. */
export function convolutionTile(outChannels: number): ConvolutionTile {
  const fours = Math.ceil(outChannels / 4)
  const columns = fours >= 8 ? 8 : fours >= 3 ? 4 : fours
  const rowsAThread = columns >= 4 ? 8 : 4
  const rows = (THREADS / columns) * rowsAThread
  return { columns, rowsAThread, rows, depth: columns === 1 ? 2 : 4 }
}

/** Order of the uniforms, all i32. */
export const CONVOLUTION_UNIFORMS = [
  ...['inD', 'inH', 'inW', 'gridD', 'gridH', 'gridW', 'outD', 'outH', 'outW'],
  ...['inStride', 'padD', 'padH', 'padW', 'outStride', 'firstD', 'firstH', 'firstW'],
  ...['taps', 'tapsH', 'tapsW', 'tapD', 'tapH', 'tapW', 'tapStep', 'filterH', 'filterW'],
  ...['rowStart', 'rowEnd', 'inChannels', 'outChannels'],
] as const

/** The part of a pipeline's key that a number of channels makes: only multiples of four are compiled into a shader. */
export function channelKey(channels: number): string {
  return channels % 4 === 0 ? String(channels) : 'any'
}

/**
 * A convolution as a matrix product: rows are output voxels, columns output channels, and the inner dimension runs over
 * taps and input channels, whose values are gathered from the volume as they are needed (implicit GEMM).
 *
 * A workgroup of 64 threads keeps a block of rows of the gathered matrix and of columns of the filter in its own memory;
 * a thread adds up `rowsAThread` voxels by four channels in registers. Row r of the grid reads input voxel
 * grid·inStride + tap − pad and writes output voxel grid·outStride + first, so that one shader serves convolutions, their
 * input gradients (one run for each parity class of a strided one) and transposed convolutions.
 */
export function convolutionShader(shape: ConvolutionShape): string {
  const { inChannels, outChannels, transposed } = shape
  const { columns, rowsAThread, rows, depth } = convolutionTile(outChannels)
  const vectorIn = inChannels % 4 === 0
  const vectorOut = outChannels % 4 === 0
  const vectorFilter = vectorOut && !transposed
  const ins = vectorIn ? String(inChannels) : 'u.inChannels'
  const outs = vectorOut ? String(outChannels) : 'u.outChannels'
  const threadRows = THREADS / columns
  return /* wgsl */ `
${uniformStruct(3, CONVOLUTION_UNIFORMS)}
${storageBuffers([
  ['x', vectorIn ? 'vec4<f32>' : 'f32'],
  ['filters', vectorFilter ? 'vec4<f32>' : 'f32'],
  ['outY', vectorOut ? 'vec4<f32>' : 'f32'],
])}
${WORKGROUP_INDEX}

// First input voxel of a row (its tap 0), and its sample; sample −1 where there is no such row.
var<workgroup> rowOrigins: array<vec4<i32>, ${rows}>;
// Output voxel of a row; −1 where there is no such row.
var<workgroup> rowTargets: array<i32, ${rows}>;
var<workgroup> gathered: array<vec4<f32>, ${rows * depth}>;
var<workgroup> filterBlock: array<vec4<f32>, ${columns * depth * 4}>;

fn sampleOf(row: i32) -> vec4<i32> {
  let w = row % u.gridW;
  let h = (row / u.gridW) % u.gridH;
  let plane = row / (u.gridW * u.gridH);
  return vec4<i32>(plane % u.gridD, h, w, plane / u.gridD);
}
${TAP_FUNCTIONS}

// Place of a filter tap among the taps of the whole filter.
fn filterTap(tap: i32) -> i32 {
  let t = vec3<i32>(u.tapD, u.tapH, u.tapW) + u.tapStep * tapOf(tap);
  return (t.x * u.filterH + t.y) * u.filterW + t.z;
}

// Four output channels of the filter at one inner index.
fn filterAt(innerIndex: i32, column: i32) -> vec4<f32> {
  if (innerIndex >= u.taps * ${ins} || column * 4 >= ${outs}) {
    return vec4<f32>(0);
  }
  let tap = filterTap(innerIndex / ${ins});
  let channel = innerIndex % ${ins};
  ${vectorFilter ? `return filters[(tap * ${ins} + channel) * ${outChannels / 4} + column];` : filterRead(transposed, ins, outs)}
}

fn store(voxel: i32, column: i32, values: vec4<f32>) {
  if (voxel >= 0) {
    ${vectorOut ? `outY[voxel * ${outChannels / 4} + column] = values;` : STORE_SCALARS}
  }
}

${workgroupEntry(THREADS)}
  let columnBlocks = (${outs} + ${columns * 4 - 1}) / ${columns * 4};
  let firstRow = u.rowStart + (block / columnBlocks) * ${rows};
  let firstColumn = (block % columnBlocks) * ${columns};
  if (firstRow >= u.rowEnd) {
    return;
  }
  for (var i = thread; i < ${rows}; i += ${THREADS}) {
    let row = firstRow + i;
    let at = sampleOf(row);
    let origin = at.xyz * u.inStride - vec3<i32>(u.padD, u.padH, u.padW);
    rowOrigins[i] = vec4<i32>(origin, select(-1, at.w, row < u.rowEnd));
    let o = at.xyz * u.outStride + vec3<i32>(u.firstD, u.firstH, u.firstW);
    let voxel = ((at.w * u.outD + o.x) * u.outH + o.y) * u.outW + o.z;
    rowTargets[i] = select(-1, voxel, row < u.rowEnd);
  }
  let threadColumn = thread % ${columns};
  let threadRow = thread / ${columns};
  ${repeat(rowsAThread, (i) => `var sum${i} = vec4<f32>(0);`)}
  let innerFours = (u.taps * ${ins} + 3) / 4;
  let ownFour = thread % ${depth};
  for (var start = 0; start < innerFours; start += ${depth}) {
    workgroupBarrier();
    ${vectorIn ? gatherVectors(inChannels, rows, depth) : gatherScalars(rows, depth)}
    for (var i = thread; i < ${columns * depth * 4}; i += ${THREADS}) {
      filterBlock[i] = filterAt(start * 4 + i / ${columns}, firstColumn + i % ${columns});
    }
    workgroupBarrier();
    for (var k = 0; k < ${depth}; k++) {
      let f0 = filterBlock[(k * 4) * ${columns} + threadColumn];
      let f1 = filterBlock[(k * 4 + 1) * ${columns} + threadColumn];
      let f2 = filterBlock[(k * 4 + 2) * ${columns} + threadColumn];
      let f3 = filterBlock[(k * 4 + 3) * ${columns} + threadColumn];
      ${repeat(
        rowsAThread,
        (i) => `
      let a${i} = gathered[k * ${rows} + ${i * threadRows} + threadRow];
      sum${i} += f0 * a${i}.x;
      sum${i} += f1 * a${i}.y;
      sum${i} += f2 * a${i}.z;
      sum${i} += f3 * a${i}.w;`,
      )}
    }
  }
  let column = firstColumn + threadColumn;
  if (column * 4 >= ${outs}) {
    return;
  }
  ${repeat(rowsAThread, (i) => `store(rowTargets[${i * threadRows} + threadRow], column, sum${i});`)}
}`
}

/** A thread reads the same tap and channels of several rows; neighbours read neighbouring channels. */
function gatherVectors(inChannels: number, rows: number, depth: number): string {
  return /* wgsl */ `
    let four = start + ownFour;
    let tap = tapOf(four / ${inChannels / 4});
    for (var row = thread / ${depth}; row < ${rows}; row += ${THREADS / depth}) {
      let voxel = voxelOf(rowOrigins[row], tap);
      var values = vec4<f32>(0);
      if (voxel >= 0 && four < innerFours) {
        values = x[voxel * ${inChannels / 4} + four % ${inChannels / 4}];
      }
      gathered[ownFour * ${rows} + row] = values;
    }`
}

function gatherScalars(rows: number, depth: number): string {
  return /* wgsl */ `
    for (var row = thread / ${depth}; row < ${rows}; row += ${THREADS / depth}) {
      var values = vec4<f32>(0);
      for (var lane = 0; lane < 4; lane++) {
        let at = (start + ownFour) * 4 + lane;
        let voxel = voxelOf(rowOrigins[row], tapOf(at / u.inChannels));
        if (voxel >= 0 && at < u.taps * u.inChannels) {
          values[lane] = x[voxel * u.inChannels + at % u.inChannels];
        }
      }
      gathered[ownFour * ${rows} + row] = values;
    }`
}

function filterRead(transposed: boolean, ins: string, outs: string): string {
  const place = transposed
    ? `(tap * ${outs} + n) * ${ins} + channel`
    : `(tap * ${ins} + channel) * ${outs} + n`
  return /* wgsl */ `
  var values = vec4<f32>(0);
  for (var lane = 0; lane < 4; lane++) {
    let n = column * 4 + lane;
    if (n < ${outs}) {
      values[lane] = filters[${place}];
    }
  }
  return values;`
}

const STORE_SCALARS = /* wgsl */ `
  for (var lane = 0; lane < 4; lane++) {
    let n = column * 4 + lane;
    if (n < u.outChannels) {
      outY[voxel * u.outChannels + n] = values[lane];
    }
  }`
