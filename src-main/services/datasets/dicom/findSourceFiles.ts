import { stat } from 'node:fs/promises'
import { relative } from 'node:path'
import type { SourceFile } from './sourceFile.ts'
import { diskFile } from './sourceFile.ts'

/** Endings of files that lie beside images and are none: they are not even opened. */
const NEVER_DICOM =
  /\.(nii|gz|zip|json|jsonl|txt|csv|tsv|md|xml|html?|pdf|png|jpe?g|gif|bmp|tiff?|svg|bval|bvec|mat|npy|npz|pkl|pth?|h5|onnx|nrrd|nhdr|mha|mhd|raw|hdr|log|ya?ml|toml|exe|dll|so|jar|js|ts|css|ico|inf|py|sh|lnk|db|docx?|xlsx?|pptx?)$/i

/** Enough to tell a DICOM file by; a smaller file is none. */
const LEAST_BYTES = 140

/** The files of a folder that may be DICOM, with their sizes. */
export async function findSourceFiles(
  root: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<SourceFile[]> {
  const files: SourceFile[] = []
  for (const path of paths) {
    signal?.throwIfAborted()
    if (NEVER_DICOM.test(path)) continue
    const found = await stat(path).catch(() => null)
    if (!found || found.size < LEAST_BYTES) continue
    files.push(diskFile(path, relative(root, path).replaceAll('\\', '/'), found.size))
  }
  return files
}
