import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Numbers for texts that recur: names, tenants, causes. The writer adds; a reader only looks up. Forgets what a rolled-back commit added. */
export type Dictionary = {
  /** The number of a text, or 0 where it has none. */
  find(text: string): number
  /** The number of a text, given to it now if it had none. */
  number(text: string): number
  /** The text of a number that has one. */
  text(number: number): string
  /** Forgets what it remembers; the database is asked again. */
  forget(): void
}

/** The dictionary kept in a table of id and one text column, read through `database`. */
export function openDictionary(database: DatabaseSync, table: 'name' | 'tenant' | 'cause'): Dictionary {
  const column = table === 'name' ? 'text' : table === 'tenant' ? 'name' : 'body'
  const byText = database.prepare(`SELECT id FROM ${table} WHERE ${column} = ?`)
  const byNumber = database.prepare(`SELECT ${column} AS text FROM ${table} WHERE id = ?`)
  let insert: StatementSync | undefined
  const numbers = new Map<string, number>()
  const texts = new Map<number, string>()

  function find(text: string): number {
    const known = numbers.get(text)
    if (known !== undefined) return known
    const number = Number(byText.get(text)?.['id'] ?? 0)
    if (number !== 0) remember(text, number)
    return number
  }

  function remember(text: string, number: number): void {
    if (numbers.size >= 200_000) forget()
    numbers.set(text, number)
    texts.set(number, text)
  }

  function forget(): void {
    numbers.clear()
    texts.clear()
  }

  return {
    find,
    number(text) {
      const known = find(text)
      if (known !== 0) return known
      insert ??= database.prepare(
        table === 'tenant' ? 'INSERT INTO tenant (name, last_recorded) VALUES (?, 0)' : `INSERT INTO ${table} (${column}) VALUES (?)`,
      )
      const number = Number(insert.run(text).lastInsertRowid)
      remember(text, number)
      return number
    },
    text(number) {
      const known = texts.get(number)
      if (known !== undefined) return known
      const text = byNumber.get(number)?.['text']
      if (typeof text !== 'string') throw new Error(`Table ${table} has no row ${number}`)
      remember(text, number)
      return text
    },
    forget,
  }
}
