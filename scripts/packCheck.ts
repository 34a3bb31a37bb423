/**
 * `npm run pack:check`: runs electron-builder to an unpacked Linux build around a stand-in for Electron's binary
 * (the real one is a download) and checks what an installer would carry: archive, core, Node, models, fuses.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPackage, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { Platform, build } from 'electron-builder'
import configuration from '../electron-builder.config.ts'
import { readInstallation, tensorflowFolder } from '../src-main/engine/backends/index.ts'

/** How the binary spells a fuse that is off and one that is on. */
const OFF = '0'.charCodeAt(0)
const ON = '1'.charCodeAt(0)
/** What @electron/fuses looks for in the binary, then version, count and one state a fuse ("1" on, "0" off). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const FUSE_COUNT = 9

async function standInElectron(folder: string): Promise<string> {
  const { version } = JSON.parse(
    readFileSync(join('node_modules', 'electron', 'package.json'), 'utf8'),
  ) as { version: string }
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'))
  mkdirSync(join(folder, 'app'))
  writeFileSync(
    join(folder, 'electron'),
    Buffer.from(
      `stand-in\0${FUSE_SENTINEL}\x01${String.fromCharCode(FUSE_COUNT)}${'1'.repeat(FUSE_COUNT)}\0`,
      'latin1',
    ),
    { mode: 0o755 },
  )
  writeFileSync(join(folder, 'version'), version)
  writeFileSync(join(folder, 'locales', 'en-US.pak'), '')
  writeFileSync(join(folder, 'app', 'package.json'), '{}')
  await createPackage(join(folder, 'app'), join(folder, 'resources', 'default_app.asar'))
  rmSync(join(folder, 'app'), { recursive: true })
  return folder
}

/** What the doctor says of a backend on the processor. */
function assertUsable(facts: unknown, backend: string, usable: boolean): void {
  const { devices } = facts as { devices: { backend: string; usable: boolean; reason: string }[] }
  const found = devices.find((device) => device.backend === backend)
  assert.equal(found?.usable, usable, `${backend} in the unpacked build: ${found?.reason}`)
}

const folder = mkdtempSync(join(tmpdir(), 'gliadesk-pack-'))
try {
  const output = join(folder, 'dist')
  await build({
    targets: Platform.LINUX.createTarget('dir'),
    config: {
      ...configuration,
      directories: { ...configuration.directories, output },
      electronDist: await standInElectron(join(folder, 'electron')),
      npmRebuild: false,
    },
    publish: 'never',
  })
  const unpacked = join(output, 'linux-unpacked')
  const resources = join(unpacked, 'resources')

  const archived = listPackage(join(resources, 'app.asar'), { isPack: false })
  for (const needed of ['/out/shell/main.js', '/out/preload/preload.cjs', '/package.json']) {
    assert.ok(archived.includes(needed), `app.asar lacks ${needed}`)
  }
  assert.ok(
    !archived.some((path) => path.includes('/node_modules/') || path.endsWith('.test.ts')),
    'app.asar carries packages or tests it does not need',
  )
  for (const needed of [
    'core/src-main/core/main.ts',
    'core/src-main/engine/process/main.ts',
    'core/src-main/engine/process/gradientPeer.ts',
    'core/src-main/engine/process/inspectDevices.ts',
    'core/src-main/cli/main.ts',
    'core/out/renderer/index.html',
    'core/models/recipes',
    'core/models/shipped',
    'core/node_modules/@tensorflow/tfjs/package.json',
    'core/node_modules/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.node.js',
    `core/node_modules/webgpu/dist/linux-${process.arch}/dawn.node`,
    'core/src-main/engine/kernels/webgpu/device/deviceThread.ts',
    // The addon itself lies in the user's cache; its JavaScript side has to be carried.
    'core/node_modules/@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js',
    'node/node',
  ]) {
    assert.ok(existsSync(join(resources, needed)), `the build lacks resources/${needed}`)
  }

  const fuses = await getCurrentFuseWire(join(unpacked, 'gliadesk'))
  assert.equal(fuses[FuseV1Options.RunAsNode], OFF)
  assert.equal(fuses[FuseV1Options.EnableNodeCliInspectArguments], OFF)
  assert.equal(fuses[FuseV1Options.OnlyLoadAppFromAsar], ON)

  // The carried Node runs the carried core without anything of this folder, and finds what the user's cache holds.
  const doctor = (environment: NodeJS.ProcessEnv): unknown => {
    const { status, stdout, stderr } = spawnSync(
      join(resources, 'node', 'node'),
      [join(resources, 'core', 'src-main', 'cli', 'main.ts'), 'doctor', '--json', '--no-self-test'],
      { cwd: folder, encoding: 'utf8', env: environment },
    )
    assert.equal(status, 0, `the carried core does not run:\n${stdout}${stderr}`)
    return JSON.parse(stdout)
  }
  const bare = { PATH: '', HOME: folder }
  assertUsable(doctor(bare), 'wasm', true)
  assertUsable(doctor(bare), 'tensorflow', false)
  if (readInstallation(tensorflowFolder('cpu'))) {
    const { HOME, XDG_CACHE_HOME } = process.env
    assertUsable(doctor({ PATH: '', HOME, XDG_CACHE_HOME }), 'tensorflow', true)
  } else {
    console.log('TensorFlow is not set up here: that the build finds it was not checked.')
  }
  console.log(
    `The unpacked build is sound: ${archived.length} files in app.asar, core and Node beside it.`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
