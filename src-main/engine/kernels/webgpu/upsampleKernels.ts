import type { tf } from '../../tensor.ts'
import { UPSAMPLE, UPSAMPLE_GRADIENT } from '../wasm/index.ts'
import { lanesFor, storageBuffers, uniformStruct, elementEntry } from './shaderParts.ts'
import { webgpuKernel } from './webgpuKernel.ts'

const THREADS = 128

/** Nearest-neighbour up-sampling by two, (x) → y, and its gradient, (dy) → dx. One thread a voxel and four channels. */
export function upsampleKernels(): tf.KernelConfig[] {
  return [
    webgpuKernel(UPSAMPLE, ({ inputs, backend }) => {
      const x = inputs.x!
      const [batch, depth, height, width, channels] = shapeOf(x)
      const y = backend.makeFloats([batch, 2 * depth, 2 * height, 2 * width, channels])
      const lanes = channels / lanesFor(channels).width
      const elements = batch * 8 * depth * height * width * lanes
      backend.run({
        key: `up-sample ${channels} channels`,
        code: () => upsampleShader(channels),
        inputs: [x],
        outputs: [y],
        uniforms: [{ i32: elements }, { i32: depth }, { i32: height }, { i32: width }],
        workgroups: Math.ceil(elements / THREADS),
        flops: 0,
      })
      return y
    }),
    webgpuKernel(UPSAMPLE_GRADIENT, ({ inputs, backend }) => {
      const dy = inputs.dy!
      const [batch, depth, height, width, channels] = shapeOf(dy)
      const dx = backend.makeFloats([batch, depth / 2, height / 2, width / 2, channels])
      const lanes = channels / lanesFor(channels).width
      const elements = (batch * depth * height * width * lanes) / 8
      backend.run({
        key: `gradient of up-sample, ${channels} channels`,
        code: () => upsampleGradientShader(channels),
        inputs: [dy],
        outputs: [dx],
        uniforms: [{ i32: elements }, { i32: depth / 2 }, { i32: height / 2 }, { i32: width / 2 }],
        workgroups: Math.ceil(elements / THREADS),
        flops: 8 * elements,
      })
      return dx
    }),
  ]
}

function shapeOf(tensor: tf.TensorInfo): [number, number, number, number, number] {
  return tensor.shape as [number, number, number, number, number]
}

/** Depth, height and width are the coarse volume's in both directions. */
function head(input: string, output: string, channels: number): string {
  const { type } = lanesFor(channels)
  return /* wgsl */ `
${uniformStruct(2, ['size', 'depth', 'height', 'width'])}
${storageBuffers([
  [input, type],
  [output, type],
])}
${elementEntry(THREADS)}`
}

function upsampleShader(channels: number): string {
  const lanes = channels / lanesFor(channels).width
  return /* wgsl */ `${head('x', 'outY', channels)}
  let lane = at % ${lanes};
  let w = (at / ${lanes}) % (2 * u.width);
  let h = (at / (${lanes} * 2 * u.width)) % (2 * u.height);
  let plane = at / (${lanes} * 4 * u.width * u.height);
  let d = plane % (2 * u.depth);
  let sample = plane / (2 * u.depth);
  let voxel = ((sample * u.depth + d / 2) * u.height + h / 2) * u.width + w / 2;
  outY[at] = x[voxel * ${lanes} + lane];
}`
}

function upsampleGradientShader(channels: number): string {
  const { type, width } = lanesFor(channels)
  const lanes = channels / width
  return /* wgsl */ `${head('dy', 'outDx', channels)}
  let lane = at % ${lanes};
  let w = (at / ${lanes}) % u.width;
  let h = (at / (${lanes} * u.width)) % u.height;
  let plane = at / (${lanes} * u.width * u.height);
  var sum = ${type}(0);
  for (var corner = 0; corner < 8; corner++) {
    // plane holds the sample and the depth together, and both double with it.
    let fine = ((2 * plane + corner / 4) * 2 * u.height + 2 * h + (corner / 2) % 2) * 2 * u.width;
    sum += dy[(fine + 2 * w + corner % 2) * ${lanes} + lane];
  }
  outDx[at] = sum;
}`
}
