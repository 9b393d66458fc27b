import type { Collection, CollectionRequest } from './postman-collection.ts'

/** Reads the `curl` commands of a text such as a manual's page, in order: words in quotes, lines that go on, bodies in here-documents. */
export function parseExamples(text: string): Collection {
  const requests = [...text.matchAll(/^[ \t]*\(?curl(?=[ \t])/gm)].flatMap((found) => {
    const words = wordsOf(text, found.index + found[0].length)
    const line = text.slice(0, found.index).split('\n').length
    return words === undefined ? [] : toRequest(`line ${line}`, words)
  })
  return { requests, variables: new Map() }
}

/** The words of one command, a here-document last after `<<`; `undefined` where a quote is not closed. */
function wordsOf(text: string, from: number): readonly string[] | undefined {
  const words: string[] = []
  const token = /\\\r?\n|[ \t]+|(\r?\n|$)|((?:'[^']*'|"(?:\\.|[^"\\])*"|\\[^\r\n]|[^\s'"\\])+)|(.)/suy
  token.lastIndex = from
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [, end, word, stray] = found
    if (stray !== undefined) return undefined
    if (word !== undefined) words.push(word.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gsu, (_, raw, cooked, one) => raw ?? cooked ?? one))
    if (end === undefined) continue
    const mark = /^<<-?(\w+)$/.exec(words.at(-1) ?? '')?.[1]
    if (mark === undefined) return words
    const document = new RegExp(`^[\\s\\S]*?(?=\\n[ \\t]*${mark}[ \\t]*\\r?$)`, 'm').exec(text.slice(token.lastIndex))
    return document === null ? undefined : [...words.slice(0, -1), '<<', document[0]]
  }
  return words
}

function toRequest(name: string, words: readonly string[]): readonly CollectionRequest[] {
  const headers: (readonly [string, string])[] = []
  const data: string[] = []
  let method: string | undefined
  let url: string | undefined
  let isQuery = false
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const next = words[at + 1] ?? ''
    if (/^(?:-\w*X|--request)$/.test(word)) method = words[++at]
    else if (/^(?:-H|--header)$/.test(word)) headers.push(headerOf(words[++at] ?? ''))
    else if (/^(?:-d|--data(?:-raw|-binary)?)$/.test(word)) data.push(words[++at] ?? '')
    else if (word === '<<') data.splice(0, data.length, words[++at] ?? '')
    else if (word === '-G' || word === '--get') isQuery = true
    else if (/^-[oO]$/.test(word)) return []
    else if (!word.startsWith('-') && !word.startsWith('|')) url ??= word
    else if (word === '|' || next === '|') break
  }
  if (url === undefined || /[<[]|^\.\.\.$/.test(url.replace(/\?.*$/s, ''))) return []
  const query = isQuery && data.length > 0 ? `${url.includes('?') ? '&' : '?'}${data.join('&')}` : ''
  const body = isQuery || data.length === 0 ? undefined : data.join('&')
  const isNamed = headers.some(([header]) => header.toLowerCase() === 'content-type')
  return [
    {
      name,
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      url: url + query,
      headers: body === undefined || isNamed ? headers : [...headers, ['Content-Type', 'application/x-www-form-urlencoded']],
      body,
      script: [],
      example: undefined,
    },
  ]
}

function headerOf(text: string): readonly [name: string, value: string] {
  const at = text.indexOf(':')
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}
