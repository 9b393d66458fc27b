import { matchesEntity, sameContent, selects } from '@cityloop/ngsi-ld'
import type { AttributeChange, Change, Entity, FindLinked } from '@cityloop/ngsi-ld'
import type { Subscription, Trigger } from './subscription.ts'

/**
 * Whether a change notifies (5.8.6): one of the triggers happened to a watched attribute, in an entity that is subscribed to and meets the conditions. An
 * update that leaves an attribute as it was triggers nothing. `before` and `after` are the entity around the change, as the subscriber may see it.
 */
export function matchesChange(
  subscription: Subscription,
  change: Change,
  before: Entity | undefined,
  after: Entity | undefined,
  findLinked?: FindLinked,
): boolean {
  if (!hasTrigger(subscription, change)) return false
  const entity = after ?? before
  if (entity === undefined) return false
  if (subscription.selectors !== undefined && !subscription.selectors.some((selector) => selects(selector, entity))) return false
  return matchesEntity(subscription.conditions, entity, findLinked)
}

function hasTrigger({ triggers, watched }: Subscription, change: Change): boolean {
  if (change.kind === 'created' && triggers.has('entityCreated'))
    return watched === undefined || change.attributes.some(({ name }) => watched.has(name))
  if (change.kind === 'deleted' && triggers.has('entityDeleted'))
    return watched === undefined || change.attributes.some(({ name }) => watched.has(name))
  return change.attributes.some((attribute) => {
    const trigger = triggerOf(attribute)
    return trigger !== undefined && triggers.has(trigger) && (watched === undefined || watched.has(attribute.name))
  })
}

function triggerOf({ before, after }: AttributeChange): Trigger | undefined {
  if (before === undefined) return 'attributeCreated'
  if (after === undefined) return 'attributeDeleted'
  return sameContent(before, after) ? undefined : 'attributeUpdated'
}
