/**
 * Where NGSI-LD null may stand (5.5.4): nowhere, as in a create; as the value of an attribute, as in an update; or also within values and for members, as in
 * a merge, in which an attribute may also lack its value.
 */
export type Nulls = 'never' | 'attributes' | 'everywhere'

export type ParseOptions = {
  /** `never` where absent. */
  readonly allowNull?: Nulls
  /**
   * Keeps `createdAt`, `modifiedAt`, `deletedAt` and `instanceId`, which a client's input ignores (5.2.5), and passes over `lang` and previous values,
   * which it must not have: for answers and notifications of other brokers and for imports.
   */
  readonly sysAttrs?: boolean
}
