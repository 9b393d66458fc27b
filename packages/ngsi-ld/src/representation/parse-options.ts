/**
 * Where NGSI-LD null may stand (5.5.4): nowhere, as in a create; as the value of an attribute, as in an update; or also within values, as in a merge.
 */
export type Nulls = 'never' | 'attributes' | 'everywhere'

export type ParseOptions = {
  /** `never` where absent. */
  readonly allowNull?: Nulls
  /**
   * For a merge: an attribute may lack its value, so that only other members of it change; its kind is then that stated, else `Property`, and its `value` is
   * undefined. The entity's `expiresAt` may be NGSI-LD null. Who asks for this must not store either as it is.
   */
  readonly allowPartial?: boolean
  /**
   * Keeps `createdAt`, `modifiedAt`, `deletedAt` and `instanceId`, which a client's input ignores (5.2.5), and passes over `lang` and previous values,
   * which it must not have: for answers and notifications of other brokers and for imports.
   */
  readonly sysAttrs?: boolean
}
