import type { BackendChoice } from '../../../../src-main/contract/index.ts'

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
      wasm: 'Comes with Gliadesk and works everywhere. Slower.',
    } satisfies Record<BackendChoice, string>,
    inUse: 'In use now',
    fallback: 'Why not something faster',
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
