import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { ErrorType } from '@cityloop/ngsi-ld'

/** RFC 9457 as CIM 009, 6.3.2 uses it. */
export type ProblemDetails = { readonly type: string; readonly title: string; readonly status: number; readonly detail: string }

/** The HTTP status of each error type (CIM 009, Tables 6.3.2-1 and, for the three of peers, 6.3.17; the last four are ours). */
export const statusOf: Readonly<Record<ErrorType, number>> = {
  InvalidRequest: 400,
  BadRequestData: 400,
  AlreadyExists: 409,
  Conflict: 409,
  OperationNotSupported: 422,
  ResourceNotFound: 404,
  NonexistentTenant: 404,
  InternalError: 500,
  TooComplexQuery: 403,
  TooManyResults: 403,
  LdContextNotAvailable: 504,
  NoMultiTenantSupport: 501,
  BadGateway: 502,
  GatewayTimeout: 504,
  LoopDetected: 508,
  Unauthorized: 401,
  TooManyRequests: 429,
  Unavailable: 503,
  InsufficientStorage: 507,
}

export function toProblemDetails(error: NgsiLdError): ProblemDetails {
  return { type: `https://uri.etsi.org/ngsi-ld/errors/${error.type}`, title: error.type, status: statusOf[error.type], detail: error.message }
}
