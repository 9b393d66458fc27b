import { badRequest, type NgsiLdError } from '../errors.ts'

/** A place in a text that is being parsed. Patterns given to `match` must be sticky. */
export class Cursor {
  readonly #what: string
  readonly #text: string
  #at = 0

  /** `what` names the parameter in errors. */
  constructor(what: string, text: string) {
    this.#what = what
    this.#text = text
  }

  get at(): number {
    return this.#at
  }

  get done(): boolean {
    return this.#at >= this.#text.length
  }

  /** The next character, or the empty string at the end. */
  peek(): string {
    return this.#text.charAt(this.#at)
  }

  startsWith(token: string): boolean {
    return this.#text.startsWith(token, this.#at)
  }

  /** Passes `token` if it is next. */
  take(token: string): boolean {
    const taken = this.startsWith(token)
    if (taken) this.#at += token.length
    return taken
  }

  /** Passes what the sticky pattern matches here. */
  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.#at
    const found = sticky.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  /** Goes back to a place that `at` told. */
  rewind(at: number): void {
    this.#at = at
  }

  /** The rest of the text from a place on. */
  textFrom(at: number): string {
    return this.#text.slice(at, this.#at)
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.fail(`"${token}"`)
  }

  /** The error that `expected` is not what stands here. */
  fail(expected: string, at = this.#at): NgsiLdError {
    const found = at >= this.#text.length ? 'the end' : JSON.stringify(this.#text.slice(at, at + 20))
    return badRequest(`${this.#what} must have ${expected} at position ${at + 1}, not ${found}`)
  }
}
