import { useState } from 'react'

const key = 'cityloop-guide'

/** Whether the guide is open: at a first visit to the plain address, until somebody closes it, and whenever it is asked for. */
export function useGuide(isPlainAddress: boolean): readonly [isOpen: boolean, setIsOpen: (isOpen: boolean) => void] {
  const [isOpen, setIsOpen] = useState(() => isPlainAddress && !wasSeen())
  const set = (next: boolean): void => {
    if (!next) remember()
    setIsOpen(next)
  }
  return [isOpen, set]
}

// A browser may keep nothing for us, and says so by throwing.
function wasSeen(): boolean {
  try {
    return localStorage.getItem(key) !== null
  } catch {
    return false
  }
}

function remember(): void {
  try {
    localStorage.setItem(key, 'seen')
  } catch {
    // Then it opens again next time.
  }
}
