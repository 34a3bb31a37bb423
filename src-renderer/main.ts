import { createApp } from 'vue'
import { z } from 'zod'
import '@fontsource-variable/inter/wght.css'
import './ui/tokens.css'
import './ui/base.css'
import App from './app/App.vue'
import { createApi } from './app/api/api.ts'
import { listenForKeys } from './app/commands/listenForKeys.ts'
import { createPages } from './app/router.ts'
import { createWorkbench, provideWorkbench } from './app/workbench.ts'

// The content security policy forbids eval, which zod would otherwise try for speed.
z.config({ jitless: true })

const workbench = createWorkbench(createApi(window.location.origin), window.gliadeskDesktop ?? null)
const app = createApp(App)
provideWorkbench(app, workbench)
app.use(createPages())
app.mount('#app')

listenForKeys(window, workbench.commands)
void workbench.changes.follow(new AbortController().signal)
