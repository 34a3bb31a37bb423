import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * Builds of the three Electron targets. The core, the engine and the command line run in a real Node and are
 * laid out by scripts/stageCore.ts instead.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/shell',
      rolldownOptions: {
        input: { main: at('src-main/shell/main.ts') },
        output: { format: 'es' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload must be one CommonJS file with nothing left to require but electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: at('src-main/shell/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src-renderer'),
    plugins: [vue()],
    resolve: {
      // vtk.js reaches xmlbuilder2, which wants Node's modules of these names.
      alias: { events: at('node_modules/events/'), url: at('node_modules/url/') },
    },
    worker: { format: 'es' },
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      target: 'chrome138',
      chunkSizeWarningLimit: 4096,
      rolldownOptions: { input: { index: at('src-renderer/index.html') } },
    },
  },
})
