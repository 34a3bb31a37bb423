import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendFile, sendText } from './sendFile.ts'

/** Answers `/data/<sha256>`: the bytes of that hash, which never change and may be kept for good. */
export async function answerData(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  findData: (sha256: string) => Promise<string | null>,
): Promise<void> {
  const sha256 = /^\/data\/([0-9a-f]{64})$/.exec(pathname)?.[1]
  const path = sha256 ? await findData(sha256) : null
  if (!path)
    return sendText(
      response,
      404,
      'This data is not (or no longer) here; ask for the volume again.',
    )
  await sendFile(request, response, path, {
    contentType: 'application/octet-stream',
    cacheControl: 'private, max-age=31536000, immutable',
    etag: `"${sha256}"`,
  })
}
