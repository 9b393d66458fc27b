import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TextDecoder } from 'node:util'
import { createGunzip } from 'node:zlib'
import { ImportRefusal } from '../import-refusal.ts'

/** The encodings that files are read in: `latin1` is read as Windows-1252, which contains it. */
export type Encoding = 'utf-8' | 'latin1' | 'utf-16le' | 'utf-16be'

/** What one pass over a file's bytes says: a hash of the file as it is, and how its text is encoded, decided over the whole of it. */
export type FileSurvey = {
  readonly sha256: string
  readonly bytes: number
  readonly isGzip: boolean
  readonly encoding: Encoding
  readonly textBytes: number
}

/** Reads the whole file once; its text is UTF-8 only if every byte of it is, else Latin-1. */
export async function surveyFile(path: string, signal?: AbortSignal): Promise<FileSurvey> {
  const found = await refuseBroken(path, stat(path))
  if (!found.isFile()) throw new ImportRefusal(`${path} is not a file`)
  const head = await headOf(path)
  const isGzip = head[0] === 0x1f && head[1] === 0x8b
  const hash = createHash('sha256')
  const text = { bytes: 0, isUtf8: true, start: Buffer.alloc(0) }
  const decoder = new TextDecoder('utf-8', { fatal: true })

  const raw = createReadStream(path)
  raw.on('data', (chunk) => hash.update(chunk))
  await refuseBroken(
    path,
    pipeline(
      isGzip ? raw.pipe(createGunzip()).on('error', (error) => raw.destroy(error)) : raw,
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          text.bytes += chunk.length
          if (text.start.length < 4) text.start = Buffer.concat([text.start, chunk.subarray(0, 4)])
          if (text.isUtf8) text.isUtf8 = decodes(decoder, chunk, true)
        }
      },
      { signal },
    ),
  )
  if (text.isUtf8) text.isUtf8 = decodes(decoder, new Uint8Array(), false)
  return { sha256: hash.digest('hex'), bytes: found.size, isGzip, encoding: encodingOf(text.start, text.isUtf8), textBytes: text.bytes }
}

/** Streams the file's text, unpacked and decoded, without a byte order mark; `onBytes` hears of the bytes of the file as they are read. */
export async function* readText(path: string, survey: FileSurvey, encoding: Encoding, onBytes?: (bytes: number) => void): AsyncGenerator<string> {
  const raw = createReadStream(path)
  if (onBytes !== undefined) raw.on('data', (chunk) => onBytes(chunk.length))
  const bytes: Readable = survey.isGzip ? raw.pipe(createGunzip()) : raw
  if (survey.isGzip) raw.on('error', (error) => bytes.destroy(error))
  const decoder = new TextDecoder(encoding)
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      const text = decoder.decode(chunk, { stream: true })
      if (text !== '') yield text
    }
    const rest = decoder.decode()
    if (rest !== '') yield rest
  } catch (error) {
    throw broken(path, error)
  } finally {
    raw.destroy()
  }
}

async function headOf(path: string): Promise<Buffer> {
  await using file = await refuseBroken(path, open(path))
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
  return buffer.subarray(0, bytesRead)
}

function decodes(decoder: TextDecoder, chunk: Uint8Array, more: boolean): boolean {
  try {
    decoder.decode(chunk, { stream: more })
    return true
  } catch {
    return false
  }
}

function encodingOf(start: Buffer, isUtf8: boolean): Encoding {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return isUtf8 ? 'utf-8' : 'latin1'
}

async function refuseBroken<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw broken(path, error)
  }
}

function broken(path: string, error: unknown): unknown {
  if (error instanceof ImportRefusal || !(error instanceof Error) || error.name === 'AbortError') return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return new ImportRefusal(`There is no file ${path}`, { cause: error })
  if (code.startsWith('Z_')) return new ImportRefusal(`${path} is not whole gzip: ${error.message}`, { cause: error })
  return new ImportRefusal(`${path} cannot be read: ${error.message}`, { cause: error })
}
