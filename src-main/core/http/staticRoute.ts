import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { sendFile, sendText } from './sendFile.ts'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/** The file a path means, or null where it means none (or one outside the folder). */
export function resolveStatic(root: string, pathname: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null
  const path = normalize(join(root, decoded))
  return path.startsWith(join(root, '/')) ? path : null
}

/**
 * Answers with the built page. Paths without an extension are the page's own routes and get `index.html`; files
 * under `/assets/` carry a hash in their name and never change.
 */
export async function answerStatic(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  root: string,
): Promise<void> {
  const isRoute = extname(pathname) === ''
  const path = isRoute ? join(root, 'index.html') : resolveStatic(root, pathname)
  const found = path === null ? null : await stat(path).catch(() => null)
  if (path === null || !found?.isFile()) {
    return isRoute
      ? sendText(
          response,
          503,
          'The page of Gliadesk is not built yet. Run: npm run build:renderer',
        )
      : sendText(response, 404, 'There is no such file.')
  }
  const isHashed = pathname.startsWith('/assets/')
  await sendFile(request, response, path, {
    contentType: CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
    cacheControl: isHashed ? 'private, max-age=31536000, immutable' : 'no-cache',
    etag: isHashed
      ? null
      : `"${createHash('sha256')
          .update(await readFile(path))
          .digest('hex')}"`,
  })
}
