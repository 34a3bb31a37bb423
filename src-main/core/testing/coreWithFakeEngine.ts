import { openTestApplication } from './testApplication.ts'

// Entry of a process that a test kills: the program with the fake engine, answering in serve mode.
const [workspacePath, ...engineOptions] = process.argv.slice(2)
const application = await openTestApplication(workspacePath, {
  engineOptions,
  staysOpen: true,
  demo: false,
})
const { address } = await application.listen({ kind: 'serve', port: 0 })
process.stdout.write(`${JSON.stringify({ ready: true, address })}\n`)
