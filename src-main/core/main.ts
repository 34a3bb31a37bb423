import { GliadeskError } from '../contract/index.ts'
import { onParentEnd } from './onParentEnd.ts'
import { openApplication } from './openApplication.ts'
import { readArguments } from './readArguments.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

try {
  const { workspacePath, target, json, demo } = readArguments(process.argv.slice(2), process.env)
  const host = target.kind === 'socket' ? 'desktop' : 'serve'
  const application = await openApplication({ workspacePath, host, staysOpen: true, demo })
  const { address } = await application.listen(target)

  let closing = false
  const end = async (): Promise<void> => {
    if (closing) return
    closing = true
    await application.close()
    process.exit(0)
  }
  process.on('SIGINT', () => void end())
  process.on('SIGTERM', () => void end())
  if (target.kind === 'socket') onParentEnd(() => void end())

  say(
    json
      ? JSON.stringify({ ready: true, address, workspace: workspacePath })
      : `Gliadesk is ready. Open this link (it works once): ${address}`,
  )
} catch (error) {
  const known = error instanceof GliadeskError
  process.stderr.write(known ? `${error.message}\n${error.remedy}\n` : `${String(error)}\n`)
  process.exit(1)
}
