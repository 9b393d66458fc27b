/** A request of a Postman collection (v2.0 or v2.1), its variables still `{{named}}`. */
export type CollectionRequest = {
  /** The names of its folders and its own, joined by ` / `. */
  readonly name: string
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | undefined
  /** Lines of its test scripts, which are read and never run. */
  readonly script: readonly string[]
  /** The status of the one saved example, where there is just one. */
  readonly example: number | undefined
}

export type Collection = { readonly requests: readonly CollectionRequest[]; readonly variables: ReadonlyMap<string, unknown> }

type Pair = { readonly key?: string; readonly value?: string; readonly disabled?: boolean }
type Item = {
  readonly name?: string
  readonly item?: readonly Item[]
  readonly request?: {
    readonly method?: string
    readonly url?: string | { readonly raw?: string }
    readonly header?: readonly Pair[]
    readonly body?: { readonly mode?: string; readonly raw?: string; readonly options?: { readonly raw?: { readonly language?: string } } }
  }
  readonly response?: readonly { readonly code?: number }[]
  readonly event?: readonly { readonly listen?: string; readonly script?: { readonly exec?: readonly string[] | string } }[]
}

/** Reads a collection, its folders flattened in order. Throws for what is no Postman collection. */
export function parseCollection(text: string): Collection {
  const document = JSON.parse(text) as { readonly info?: { readonly schema?: string }; readonly variable?: readonly Pair[] } & Item
  if (document.info?.schema?.includes('/collection/v2.') !== true || document.item === undefined)
    throw new Error('This is no Postman collection of v2')
  return {
    requests: flatten(document.item, []),
    variables: new Map(document.variable?.map(({ key = '', value = '' }) => [key, value])),
  }
}

function flatten(items: readonly Item[], folders: readonly string[]): readonly CollectionRequest[] {
  return items.flatMap((item) => {
    const path = [...folders, item.name ?? '']
    return item.item === undefined ? toRequest(item, path) : flatten(item.item, path)
  })
}

function toRequest({ request, response = [], event = [] }: Item, path: readonly string[]): readonly CollectionRequest[] {
  if (request === undefined) return []
  const url = typeof request.url === 'string' ? request.url : request.url?.raw
  const stated = (request.header ?? []).filter(({ key = '', disabled }) => key !== '' && disabled !== true)
  const headers = stated.map(({ key = '', value = '' }) => [key, value] as const)
  const body = request.body?.mode === 'raw' && request.body.raw !== '' ? request.body.raw : undefined
  // Postman names the type of a body from the language it is edited in, unless a header does.
  const isNamed = headers.some(([name]) => name.toLowerCase() === 'content-type')
  const type = request.body?.options?.raw?.language === 'json' ? 'application/json' : 'text/plain'
  return [
    {
      name: path.join(' / '),
      method: request.method ?? 'GET',
      url: url ?? '',
      headers: body === undefined || isNamed ? headers : [...headers, ['Content-Type', type]],
      body,
      script: event
        .filter(({ listen }) => listen === 'test')
        .flatMap(({ script }) => [script?.exec ?? []].flat().flatMap((part) => part.split(/\r?\n/))),
      example: response.length === 1 ? response[0]?.code : undefined,
    },
  ]
}

/** Puts the values of variables in the place of their names; those unknown stay as they are. */
export function substitute(text: string, variables: ReadonlyMap<string, unknown>): string {
  return text.replaceAll(/\{\{([^{}]+)\}\}/g, (whole, name: string) => {
    const value = variables.get(name)
    if (value === undefined) return whole
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
}
