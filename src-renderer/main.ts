import { createApp } from 'vue'
import { z } from 'zod'
import '@fontsource-variable/inter/wght.css'
import './ui/tokens.css'
import './ui/base.css'
import { GliadeskError } from '../src-main/contract/index.ts'
import App from './app/App.vue'
import { createApi } from './app/api/api.ts'
import { toProblem } from './app/api/problem.ts'
import { listenForKeys } from './app/commands/listenForKeys.ts'
import { text } from './app/locale/text.ts'
import { createPages } from './app/router.ts'
import { createWorkbench, provideWorkbench } from './app/workbench.ts'

// The content security policy forbids eval, which zod would otherwise try for speed.
z.config({ jitless: true })

const workbench = createWorkbench(createApi(window.location.origin), window.gliadeskDesktop ?? null)
const app = createApp(App)
provideWorkbench(app, workbench)
const pages = createPages()
app.use(pages)

const report = (error: unknown, title: string): void => {
  const { message, remedy } = toProblem(error)
  workbench.toasts.show({ tone: 'danger', title, detail: `${message} ${remedy}` })
}
// What no page caught: the reader hears of it, and the rest of the program goes on.
app.config.errorHandler = (error) => report(error, text.problems.fault)
// A page is fetched when first opened; without the core that fails.
pages.onError(() =>
  report(
    new GliadeskError('NOT_FOUND', text.problems.pageMissing, text.problems.noAnswerRemedy),
    text.problems.pageFailed,
  ),
)
app.mount('#app')

listenForKeys(window, workbench.commands)
void workbench.changes.follow(new AbortController().signal)
