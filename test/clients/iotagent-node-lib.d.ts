/** What is used of iotagent-node-lib, FIWARE's library for IoT Agents, which brings no types. Operations end by calling back, with an error first. */
declare module 'iotagent-node-lib' {
  export type Attribute = { readonly name: string; readonly type: string; readonly value: unknown; readonly metadata?: unknown }
  export type Device = {
    readonly id: string
    readonly name: string
    readonly type: string
  }
  type Done<T> = (error: Error | null, result?: T) => void
  type Command = (id: string, type: string, service: string, path: string, attributes: readonly Attribute[], done: Done<object>) => void
  type Query = (id: string, type: string, service: string, path: string, names: readonly string[], done: Done<object>) => void
  const library: {
    readonly activate: (config: object, done: Done<void>) => void
    readonly deactivate: (done: Done<void>) => void
    readonly getDevice: (id: string, apikey: string, service: string, path: string, done: Done<Device>) => void
    readonly update: (name: string, type: string, apikey: string, attributes: readonly Attribute[], device: Device, done: Done<unknown>) => void
    readonly setCommandResult: (
      name: string,
      resource: string,
      apikey: string,
      command: string,
      result: string,
      status: string,
      device: Device,
      done: Done<unknown>,
    ) => void
    readonly subscribe: (
      device: Device,
      triggers: readonly string[],
      content: readonly string[] | undefined,
      format: string,
      done: Done<unknown>,
    ) => void
    readonly unsubscribe: (device: Device, id: string, done: Done<unknown>) => void
    readonly setCommandHandler: (handler: Command) => void
    readonly setDataQueryHandler: (handler: Query) => void
    readonly setNotificationHandler: (handler: (device: Device, values: readonly Attribute[], done: Done<void>) => void) => void
  }
  export default library
}
