import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What may happen to a request. */
export type Admission =
  | { readonly kind: 'admit' }
  /** The one-time token was good: set the cookie and go to the page without it. */
  | { readonly kind: 'welcome'; readonly cookie: string; readonly location: string }
  | { readonly kind: 'refuse'; readonly status: 400 | 401 | 403; readonly message: string }

/** Lets in only the browser that was given the link, and only from our own pages. */
export interface SessionGate {
  admit(request: IncomingMessage): Admission
  /** A new link that works once. */
  newLink(): string
}

const admitted: Admission = { kind: 'admit' }

const refuse = (status: 400 | 401 | 403, message: string): Admission => ({
  kind: 'refuse',
  status,
  message,
})

const same = (a: string, b: string): boolean => {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * The gate of serve mode. The Host header must name this address exactly (a page that rebinds its DNS name to
 * 127.0.0.1 sends its own), the Origin header must be ours wherever a browser sends one and on everything that
 * changes state, and every request carries the cookie that the one-time link was exchanged for.
 *
 * @param port the port listened on at 127.0.0.1
 */
export function createSessionGate(port: number): SessionGate {
  const host = `127.0.0.1:${port}`
  const origin = `http://${host}`
  // Cookies know no port: the name tells several running cores apart.
  const cookieName = `gliadesk-${port}`
  const secret = randomBytes(32).toString('base64url')
  const tokens = new Set<string>()

  const hasCookie = (request: IncomingMessage): boolean =>
    (request.headers.cookie ?? '').split(';').some((pair) => {
      const [name, value = ''] = pair.trim().split('=')
      return name === cookieName && same(value, secret)
    })
  const redeem = (token: string): boolean => {
    for (const known of tokens) if (same(known, token)) return tokens.delete(known)
    return false
  }
  return {
    newLink: () => {
      const token = randomBytes(32).toString('base64url')
      tokens.add(token)
      return `${origin}/?token=${token}`
    },
    admit: (request) => {
      if (request.headers.host !== host) {
        return refuse(400, 'This address is not the one that Gliadesk listens on.')
      }
      const isSafe = request.method === 'GET' || request.method === 'HEAD'
      const from = request.headers.origin
      if (from === undefined ? !isSafe : from !== origin) {
        return refuse(403, 'This request does not come from a page of Gliadesk.')
      }
      const site = request.headers['sec-fetch-site']
      const isNavigation = request.headers['sec-fetch-mode'] === 'navigate'
      if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation) {
        return refuse(403, 'This request does not come from a page of Gliadesk.')
      }
      const url = new URL(request.url ?? '/', origin)
      const token = url.searchParams.get('token')
      if (request.method === 'GET' && url.pathname === '/' && token !== null) {
        if (redeem(token)) {
          return {
            kind: 'welcome',
            cookie: `${cookieName}=${secret}; HttpOnly; SameSite=Strict; Path=/`,
            location: '/',
          }
        }
        if (hasCookie(request)) return { kind: 'welcome', cookie: '', location: '/' }
        return refuse(401, 'This link was used before. Start Gliadesk again to get a new one.')
      }
      if (hasCookie(request)) return admitted
      return refuse(401, 'Open Gliadesk with the link that it printed when it started.')
    },
  }
}

/** The gate of the desktop: only this user can open the socket, so everybody who comes is let in. */
export const openGate: Pick<SessionGate, 'admit'> = { admit: () => admitted }
