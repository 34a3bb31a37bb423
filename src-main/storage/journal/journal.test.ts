import { describe, expect, it } from 'vitest'
import { randomStream } from '../../imaging/random/randomStream.ts'
import { memoryFileSystem } from '../fileSystem/testing/memoryFileSystem.ts'
import { createJournal, openJournal } from './journal.ts'

const PATH = '/w/journals/case.journal'
const payload = (text: string): Uint8Array => new TextEncoder().encode(text)
const texts = (records: readonly { payload: Uint8Array }[]): string[] =>
  records.map((record) => new TextDecoder().decode(record.payload))

async function journalOf(first: string, ...rest: string[]) {
  const files = memoryFileSystem()
  await createJournal(files, PATH, payload(first))
  const journal = await openJournal(files, PATH)
  for (const text of rest) await journal?.append(payload(text))
  await journal?.close()
  return files
}

describe('journal', () => {
  it('gives back every record in order', async () => {
    const files = await journalOf('base', 'one', '', 'three')
    const journal = await openJournal(files, PATH)
    expect(texts(journal?.records ?? [])).toEqual(['base', 'one', '', 'three'])
    expect(journal?.droppedBytes).toBe(0)
  })

  it('is null where there is no journal', async () => {
    expect(await openJournal(memoryFileSystem(), PATH)).toBeNull()
  })

  it('drops a tail torn at any byte, keeps every whole record and can be appended to', async () => {
    const whole = await (await journalOf('base', 'first stroke', 'second')).readFile(PATH)
    const ends = [16, 16 + 24, 16 + 24 + 18]
    expect(whole.length).toBe(ends[2])
    for (let length = 0; length <= whole.length; length++) {
      const files = memoryFileSystem()
      const file = await files.createFile(PATH)
      await file.write(whole.slice(0, length))
      const journal = await openJournal(files, PATH)
      const sound = ends.filter((end) => end <= length)
      expect(journal?.records.length).toBe(sound.length)
      expect(journal?.droppedBytes).toBe(length - (sound.at(-1) ?? 0))
      await journal?.append(payload('after'))
      const again = await openJournal(files, PATH)
      expect(again?.droppedBytes).toBe(0)
      expect(texts(again?.records ?? []).at(-1)).toBe('after')
      expect(again?.records.length).toBe(sound.length + 1)
    }
  })

  it('stops at a flipped bit and keeps the dropped bytes beside the journal', async () => {
    const files = await journalOf('base', 'first stroke', 'second')
    const bytes = await files.readFile(PATH)
    bytes[20] ^= 1
    await files.remove(PATH)
    await (await files.createFile(PATH)).write(bytes)
    const journal = await openJournal(files, PATH)
    expect(texts(journal?.records ?? [])).toEqual(['base'])
    expect(await files.readFile(`${PATH}.dropped`)).toEqual(bytes.slice(16))
  })

  it('takes the same append again after a full disk', async () => {
    const files = await journalOf('base')
    const journal = await openJournal(files, PATH)
    files.failAt(files.operations() + 2, 'ENOSPC')
    await expect(journal?.append(payload('stroke'))).rejects.toMatchObject({ code: 'DISK_FULL' })
    await journal?.append(payload('stroke'))
    expect(texts((await openJournal(files, PATH))?.records ?? [])).toEqual(['base', 'stroke'])
  })

  it('loses no acknowledged record to a power cut at any operation', async () => {
    const wanted = ['one', 'two', 'three']
    let crashes = 0
    for (let operation = 1; ; operation++) {
      const files = await journalOf('base')
      const acknowledged: string[] = []
      const journal = await openJournal(files, PATH)
      files.failAt(files.operations() + operation, 'crash')
      try {
        for (const text of wanted) {
          await journal?.append(payload(text))
          acknowledged.push(text)
        }
      } catch {
        crashes++
      }
      for (let seed = 0; seed < 8; seed++) {
        files.restart(randomStream(seed, 'power cut'))
        const found = texts((await openJournal(files, PATH))?.records ?? [])
        expect(found.slice(0, acknowledged.length + 1)).toEqual(['base', ...acknowledged])
        expect(['base', ...wanted].slice(0, found.length)).toEqual(found)
      }
      if (acknowledged.length === wanted.length) break
    }
    expect(crashes).toBeGreaterThan(5)
  })
})
