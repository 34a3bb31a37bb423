import type { Configuration } from 'electron-builder'

/**
 * The installers. Electron's own binary shows the window; the core and the engine run in the Node that is
 * carried beside it, from files that lie outside the archive because a real Node cannot read asar.
 */
const configuration: Configuration = {
  appId: 'org.gliadesk.workstation',
  productName: 'Gliadesk',
  directories: { output: 'dist', buildResources: 'assets' },
  files: ['out/shell/**', 'out/preload/**', 'package.json', '!node_modules/**'],
  extraResources: [
    { from: 'out/core', to: 'core' },
    // A folder of this name is left out of a copied parent, so it is named itself.
    { from: 'out/core/node_modules', to: 'core/node_modules' },
    { from: 'out/renderer', to: 'core/out/renderer' },
    { from: 'models', to: 'core/models' },
    { from: 'node_modules/node/bin', to: 'node' },
  ],
  asar: true,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: { target: ['AppImage', 'deb'], category: 'Science', icon: 'icons' },
  mac: { target: ['dmg'], category: 'public.app-category.medical', hardenedRuntime: true },
  win: { target: ['nsis'] },
  nsis: { oneClick: false, allowToChangeInstallationDirectory: true },
}
export default configuration
