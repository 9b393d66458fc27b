/** The error types of CIM 009, 6.3.2, and ours where the standard has none. */
export type ErrorType =
  | 'InvalidRequest'
  | 'BadRequestData'
  | 'AlreadyExists'
  | 'Conflict'
  | 'OperationNotSupported'
  | 'ResourceNotFound'
  | 'NonexistentTenant'
  | 'InternalError'
  | 'TooComplexQuery'
  | 'TooManyResults'
  | 'LdContextNotAvailable'
  | 'NoMultiTenantSupport'
  | 'BadGateway'
  | 'GatewayTimeout'
  | 'LoopDetected'
  | 'Unauthorized'
  | 'TooManyRequests'
  | 'Unavailable'
  | 'InsufficientStorage'

/** The caller's fault or the world's, with a type of the closed list; its message names the thing. A bug is a plain `Error`. */
export class NgsiLdError extends Error {
  readonly type: ErrorType

  constructor(type: ErrorType, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'NgsiLdError'
    this.type = type
  }
}

/** Shorthand for the commonest refusal: input that does not have the form the standard asks for. */
export function badRequest(message: string, cause?: unknown): NgsiLdError {
  return new NgsiLdError('BadRequestData', message, cause === undefined ? undefined : { cause })
}
