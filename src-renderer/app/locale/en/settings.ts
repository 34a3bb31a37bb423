import type { BackendChoice } from '../../../../src-main/contract/index.ts'
import { plural } from './common.ts'

export const settings = {
  reader: {
    title: 'Reader',
    name: 'Name',
    hint: 'Written into every version you save and every decision you take.',
    saved: 'Saved',
  },
  display: {
    title: 'Class colours',
    detail: 'For masks, outlines and legends, on every page.',
    standard: 'Standard',
    standardDetail: 'Red, green and yellow, as most readers know them.',
    colourBlindSafe: 'Colour-blind safe',
    colourBlindSafeDetail: 'Told apart under every common colour-vision deficiency.',
    classes: { ncr: 'NCR', ed: 'ED', et: 'ET' },
  },
  backend: {
    title: 'Computing',
    label: 'Backend for new jobs',
    details: {
      auto: 'The fastest one that works on this computer.',
      tensorflow: 'Native TensorFlow. Fastest; needs its library on this computer.',
      webgpu: 'Any graphics card with a driver; no CUDA needed.',
      wasm: 'Comes with Gliadesk and works everywhere. Slower.',
    } satisfies Record<BackendChoice, string>,
    inUse: 'In use now',
    fallback: 'Why not something faster',
    processorJobs: 'Jobs on the processor at the same time',
    processorJobsHint: 'Each graphics card takes one job besides. More than one share the cores.',
  },
  devices: {
    title: 'Devices',
    measure: 'Measure',
    measureAgain: 'Measure again',
    measuring: 'Measuring, about two seconds each',
    measuredAt: (ago: string) => `Measured ${ago}`,
    notMeasured: 'Not measured yet',
    backend: 'Backend',
    computesWith: 'Computes with',
    speed: 'Speed',
    inUse: 'In use',
    unusable: 'Not usable',
    cores: (count: number) => plural(count, 'core', 'cores'),
    memory: (total: string, free: string | null) =>
      free === null ? `${total} GiB` : `${free} of ${total} GiB free`,
    driver: (version: string) => `Driver ${version}`,
    gflops: (value: string) => `${value} GFLOP/s`,
    backendsOf: (name: string) => `Backends on ${name}`,
    speedOf: (backend: string) => `Speed of ${backend} against the fastest`,
    note: 'Speed of a 3×3×3 convolution with both gradients. Measure while nothing else computes.',
  },
  system: {
    title: 'This program',
    version: 'Version',
    workspace: 'Workspace',
    host: 'Runs as',
    hosts: { desktop: 'Desktop window', serve: 'Server for a browser' },
    shortcuts: 'Keyboard shortcuts',
    shortcutsHint: 'Press',
  },
}
