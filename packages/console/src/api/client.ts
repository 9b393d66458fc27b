/** What a request needs besides its path: the tenant by header, a way to stop it, extra headers. */
export type RequestOptions = { readonly tenant: string | null; readonly signal?: AbortSignal; readonly headers?: Record<string, string> }

/** An answer's document with the headers that say how many there are and whether it was cut. */
export type Answer<T> = { readonly body: T; readonly status: number; readonly headers: Headers }

/** A refusal by the server, with what its problem document says. */
export class ApiError extends Error {
  readonly status: number
  constructor(status: number, detail: string) {
    super(detail)
    this.name = 'ApiError'
    this.status = status
  }
}

/** The hosted context whose short names the console speaks. */
export const contextLink = '</ngsi-ld/v1/jsonldContexts/cityloop>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'

/** Headers of every request for entities: the context, and the tenant where it is not the default one. */
export function headersFor(tenant: string | null): Record<string, string> {
  return tenant === null ? { Link: contextLink } : { Link: contextLink, 'NGSILD-Tenant': tenant }
}

/** Reads a JSON document from this origin. Throws `ApiError` for a refusal, and what `fetch` throws when the server is away. */
export async function readJson<T>(path: string, options: RequestOptions): Promise<Answer<T>> {
  const response = await fetch(path, {
    headers: { Accept: 'application/json', ...headersFor(options.tenant), ...options.headers },
    signal: options.signal ?? null,
  })
  if (!response.ok) throw await toApiError(response)
  return { body: (await response.json()) as T, status: response.status, headers: response.headers }
}

/** Sends a JSON document; the answer's body is not read. */
export async function sendJson(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
  if (!response.ok) throw await toApiError(response)
}

/** Sends a JSON document to a tenant and reads the answer, null where it has no body. Throws as `readJson` does. */
export async function writeJson<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: RequestOptions,
  body?: unknown,
): Promise<T | null> {
  const response = await fetch(path, {
    method,
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headersFor(options.tenant),
      ...options.headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: options.signal ?? null,
  })
  if (!response.ok) throw await toApiError(response)
  const text = await response.text()
  return text === '' ? null : (JSON.parse(text) as T)
}

async function toApiError(response: Response): Promise<ApiError> {
  const problem: unknown = await response.json().catch(() => null)
  const detail = isProblem(problem) ? (problem.detail ?? problem.title) : undefined
  return new ApiError(response.status, detail ?? `${response.status} ${response.statusText}`)
}

function isProblem(value: unknown): value is { title?: string; detail?: string } {
  return typeof value === 'object' && value !== null
}
