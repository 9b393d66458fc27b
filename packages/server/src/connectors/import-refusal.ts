/** A file, mapping or option that cannot be imported as it is; the message names the thing and says what is so. Nothing was written. */
export class ImportRefusal extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ImportRefusal'
  }
}
