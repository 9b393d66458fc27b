import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

/** What is wrong with a field of a draft, by the word for it. */
type Fault<Draft, Word> = { readonly field: keyof Draft; readonly fault: Word }

/** A form's draft and what is wrong with it. */
type DraftForm<Draft, Word> = {
  readonly draft: Draft
  /** Takes in new values of fields, and takes back what was said of these. */
  readonly change: (part: Partial<Draft>) => void
  readonly showFaults: (faults: readonly Fault<Draft, Word>[]) => void
  readonly faultOf: (field: keyof Draft) => string | null
  /** For the first field, which gets the focus when the form opens. */
  readonly start: RefObject<HTMLInputElement | null>
}

/** The state of a form that says at each field what is wrong; `say` puts a fault's word into the reader's language. */
export function useDraft<Draft extends object, Word extends string>(first: Draft, say: (fault: Word) => string): DraftForm<Draft, Word> {
  const [draft, setDraft] = useState(first)
  const [faults, setFaults] = useState<readonly Fault<Draft, Word>[]>([])
  const start = useRef<HTMLInputElement>(null)
  useEffect(() => start.current?.focus(), [])
  return {
    draft,
    change(part) {
      setDraft({ ...draft, ...part })
      setFaults(faults.filter(({ field }) => !(field in part)))
    },
    showFaults: setFaults,
    faultOf(field) {
      const found = faults.find((each) => each.field === field)
      return found === undefined ? null : say(found.fault)
    },
    start,
  }
}
