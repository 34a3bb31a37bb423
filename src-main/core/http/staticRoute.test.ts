import { describe, expect, it } from 'vitest'
import { resolveStatic } from './staticRoute.ts'

describe('static files', () => {
  it('lie inside the folder', () => {
    expect(resolveStatic('/page', '/assets/a.js')).toBe('/page/assets/a.js')
    expect(resolveStatic('/page', '/a%20b.js')).toBe('/page/a b.js')
  })

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%00.js',
    '/%zz.js',
    '/../page-evil/a.js',
  ])('never leave it: %s', (pathname) => {
    expect(resolveStatic('/page', pathname)).toBeNull()
  })
})
