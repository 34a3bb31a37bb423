import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Set to "1", or to the folder of a browser, it lets WebGPU compute on the processor: for tests, never for work. */
export const SOFTWARE_VARIABLE = 'GLIADESK_WEBGPU_SOFTWARE'

const RASTERISER = 'libvk_swiftshader.so'
const LOADER = 'libvulkan.so.1'
/** Where Linux distributions put a Chromium, which brings SwiftShader and a Vulkan loader. */
const BROWSERS = [
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  '/opt/microsoft/msedge',
]

export interface SoftwareRasteriser {
  readonly folder: string
  /** The browser's Vulkan loader; null where it brings none. */
  readonly vulkanLoader: string | null
}

/** The software rasteriser that the environment allows and a browser brings; null where either is missing. */
export function findSoftwareRasteriser(
  environment: NodeJS.ProcessEnv = process.env,
): SoftwareRasteriser | null {
  const asked = environment[SOFTWARE_VARIABLE] ?? ''
  if (asked === '' || asked === '0') return null
  const folders = asked === '1' ? BROWSERS : [asked]
  const folder = folders.find((candidate) => existsSync(join(candidate, RASTERISER)))
  if (folder === undefined) return null
  const loader = join(folder, LOADER)
  return { folder, vulkanLoader: existsSync(loader) ? loader : null }
}

/** Makes the rasteriser the only driver that Vulkan finds in this process. Must come before Dawn is loaded. */
export function useSoftwareRasteriser({ folder }: SoftwareRasteriser): void {
  const manifest = join(mkdtempSync(join(tmpdir(), 'gliadesk-vulkan-')), 'swiftshader.json')
  writeFileSync(
    manifest,
    JSON.stringify({
      file_format_version: '1.0.0',
      ICD: { library_path: join(folder, RASTERISER), api_version: '1.0.5' },
    }),
  )
  // Two names for the same thing; loaders of different age read one or the other.
  process.env.VK_ICD_FILENAMES = manifest
  process.env.VK_DRIVER_FILES = manifest
  process.once('exit', () => rmSync(dirname(manifest), { recursive: true, force: true }))
}
