import { attributeAsOfVersion, documentAsOfVersion, isJsonObject } from '@cityloop/ngsi-ld'
import type { Json } from '@cityloop/ngsi-ld'
import type { PeerRequest } from './peer.ts'

/** The body of a request as a source of version 1.`minor` of the standard knows entities (CIM 009, 4.3.6.6); one that is of no entity is as it was. */
export function olderBody({ body, path }: Pick<PeerRequest, 'body' | 'path'>, minor: number): Json | undefined {
  if (body === undefined) return undefined
  if (/^\/entities\/[^/]+\/attrs\/[^/]+$/.test(path)) return attributeAsOfVersion(body, minor)
  if (/^(\/temporal)?\/entities(\/[^/]+(\/attrs\/?)?)?$/.test(path) || /^\/temporal\/entities\/[^/]+\/attrs\/[^/]+\/[^/]+$/.test(path))
    return isJsonObject(body) ? documentAsOfVersion(body, minor) : body
  if (!/^\/entityOperations\/(create|upsert|update|merge)$/.test(path) || !Array.isArray(body)) return body
  return (body as readonly Json[]).map((document) => (isJsonObject(document) ? documentAsOfVersion(document, minor) : document))
}
