/** A part of the suite that is run in one go, from fresh brokers. */
export type Group = { readonly name: string; readonly path: string; readonly brokers: number }

const local = (path: string): Group => ({ name: path, path: `TP/NGSI-LD/${path}`, brokers: 1 })
const among = (path: string): Group => ({ name: `IOP/${path}`, path: `IOP_TP/NGSI-LD/Interoperability/${path}`, brokers: 5 })

/** The order in which the suite is run: tests of one group may meet what an earlier one left, those of two never do. */
export const groups: readonly Group[] = [
  local('CommonBehaviours'),
  local('ContextInformation/Consumption/Discovery'),
  local('ContextInformation/Consumption/Entity'),
  local('ContextInformation/Consumption/TemporalEntity'),
  local('ContextInformation/EntityMap'),
  local('ContextInformation/Provision'),
  local('ContextInformation/Snapshot'),
  local('ContextInformation/Subscription'),
  local('ContextSource'),
  local('jsonldContext'),
  local('DistributedOperations'),
  among(''),
]
