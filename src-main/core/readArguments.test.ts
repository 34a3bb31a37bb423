import { describe, expect, it } from 'vitest'
import { readArguments } from './readArguments.ts'

describe('command line of the core', () => {
  it('serves on a free port by default', () => {
    expect(readArguments(['--workspace', '/w'])).toEqual({
      workspacePath: '/w',
      target: { kind: 'serve', port: 0 },
      json: false,
      demo: true,
    })
  })

  it('speaks to programs on a socket', () => {
    expect(readArguments(['--workspace', '/w', '--socket', '/s.sock', '--no-demo'])).toEqual({
      workspacePath: '/w',
      target: { kind: 'socket', path: '/s.sock' },
      json: true,
      demo: false,
    })
  })

  it('takes the workspace from the environment where the command line names none', () => {
    const environment = { GLIADESK_WORKSPACE: '/from-environment' }
    expect(readArguments([], environment).workspacePath).toBe('/from-environment')
    expect(readArguments(['--workspace', '/w'], environment).workspacePath).toBe('/w')
  })

  it.each([['--port', 'x'], ['--port', '70000'], ['--port', '1', '--socket', 's'], ['--what']])(
    'refuses %s %s',
    (...values) => {
      expect(() => readArguments(values)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
    },
  )
})
