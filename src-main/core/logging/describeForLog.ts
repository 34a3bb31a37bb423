/** Paths often carry the names of patients, with spaces in them: everything from a path to the end of its line goes. */
const FROM_PATH = /(?:[A-Za-z]:)?[\\/][^\n]*/g
/** What a message quotes is data: part of a file, a value, a name. */
const QUOTED = /"[^"\n]*(?:"|$)|'[^'\n]*(?:'|$)|“[^”\n]*(?:”|$)|`[^`\n]*(?:`|$)/gm
/** A name with an ending, and what stands before it in the sentence: the name may have had spaces. */
const UP_TO_FILE =
  /^[^\n]*\.(?:nii|gz|dcm|ima|hdr|img|nrrd|mha|mhd|raw|json|zip|db|jsonl|csv|tsv|txt)\b/gim

/**
 * An error as the log may hold it: what failed and where in the program, without anything that came from a file or a
 * person. The sentences of this program's own errors name files and cases, so their code alone is kept; of system calls, the
 * call and its code; of others, the message without paths, file names and quotations.
 */
export function describeForLog(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: withoutData(String(error)) }
  const { name, stack = '', cause } = error
  return {
    name,
    code: 'code' in error ? error.code : undefined,
    message: messageOf(error),
    frames: stack
      .split('\n')
      .filter((line) => /^ {4}at .*(:\d+:\d+\)?|native\)|<anonymous>\)?)$/.test(line)),
    cause: cause === undefined ? undefined : describeForLog(cause),
  }
}

function messageOf(error: Error): string {
  if ('remedy' in error || 'data' in error) return '(a sentence for the person, not logged)'
  // Parsers quote what they could not read.
  if (error instanceof SyntaxError || error.name === 'ZodError') return '(quotes data, not logged)'
  if ('syscall' in error && 'code' in error)
    return `${String(error.code)}: ${String(error.syscall)}`
  return withoutData(error.message)
}

const withoutData = (text: string): string =>
  text.replace(FROM_PATH, '…').replace(QUOTED, '…').replace(UP_TO_FILE, '…')
