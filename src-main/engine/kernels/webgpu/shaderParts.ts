/** Pieces of WGSL that several shaders share. */

/** Number of a workgroup: the backend spreads them over two dimensions. Uniform over the workgroup. */
export const WORKGROUP_INDEX = /* wgsl */ `
fn workgroupIndex(id: vec3<u32>, count: vec3<u32>) -> i32 {
  return i32(id.x + id.y * count.x);
}`

/** Head of a shader whose workgroups each do a piece of work: the `thread` in it, and which `block` it is. */
export function workgroupEntry(threads: number): string {
  return /* wgsl */ `@compute @workgroup_size(${threads})
fn main(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
) {
  let thread = i32(local);
  let block = workgroupIndex(workgroup, workgroups);`
}

/** Head of a shader with one thread an element: `at` is its place, below the uniform `size`. */
export function elementEntry(threads: number): string {
  return /* wgsl */ `${WORKGROUP_INDEX}
${workgroupEntry(threads)}
  let at = block * ${threads} + thread;
  if (at >= u.size) {
    return;
  }`
}

/** Which tap of a filter a number means, and where a voxel lies that a tap reads; −1 in the padding. */
export const TAP_FUNCTIONS = /* wgsl */ `
fn tapOf(tap: i32) -> vec3<i32> {
  return vec3<i32>(tap / (u.tapsH * u.tapsW), (tap / u.tapsW) % u.tapsH, tap % u.tapsW);
}

// In voxels, to a voxel's first channel.
fn voxelOf(origin: vec4<i32>, tap: vec3<i32>) -> i32 {
  let at = origin.xyz + tap;
  if (origin.w < 0 || any(at < vec3<i32>(0)) || any(at >= vec3<i32>(u.inD, u.inH, u.inW))) {
    return -1;
  }
  return ((origin.w * u.inD + at.x) * u.inH + at.y) * u.inW + at.z;
}`

/** The struct of uniforms, bound after `bindings` buffers. */
export function uniformStruct(
  bindings: number,
  fields: readonly string[],
  floats: readonly string[] = [],
): string {
  const lines = [...fields.map((name) => `  ${name}: i32,`), ...floats.map((f) => `  ${f}: f32,`)]
  return `struct Uniforms {\n${lines.join('\n')}\n}\n@group(0) @binding(${bindings}) var<uniform> u: Uniforms;`
}

/** Storage buffers at the bindings 0, 1 …; names that begin with "out" are written to. */
export function storageBuffers(
  buffers: readonly (readonly [name: string, type: string])[],
): string {
  return buffers
    .map(([name, type], binding) => {
      const access = name.startsWith('out') ? 'read_write' : 'read'
      return `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<${type}>;`
    })
    .join('\n')
}

/**
 * The same lines for 0, 1 … count − 1. Running sums that are indexed by a loop's variable may end up in memory; written
 * out they stay in registers whatever the driver's compiler does.
 */
export function repeat(count: number, lines: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => lines(index)).join('\n')
}

/** A shader works on four channels at a time where their number allows it. */
export interface Lanes {
  readonly type: 'vec4<f32>' | 'f32'
  readonly width: 4 | 1
}

export function lanesFor(channels: number): Lanes {
  return channels % 4 === 0 ? { type: 'vec4<f32>', width: 4 } : { type: 'f32', width: 1 }
}
