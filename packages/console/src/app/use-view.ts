import { useCallback, useSyncExternalStore } from 'react'
import { formatView, parseView } from './view.ts'
import type { View } from './view.ts'

/** Changes the state; `replace` leaves no step for the browser's back button. */
export type ChangeView = (change: Partial<View>, how?: 'push' | 'replace') => void

const changed = new EventTarget()
let lastSearch: string | null = null
let lastView: View = parseView('')

/** The screen's state, which is the address and nothing else. */
export function useView(): readonly [View, ChangeView] {
  const view = useSyncExternalStore(subscribe, readView)
  const change = useCallback<ChangeView>((part, how = 'push') => {
    const search = formatView({ ...readView(), ...part })
    if (search === formatView(readView())) return
    const address = `${window.location.pathname}${search}`
    if (how === 'push') window.history.pushState(null, '', address)
    else window.history.replaceState(null, '', address)
    changed.dispatchEvent(new Event('change'))
  }, [])
  return [view, change]
}

function readView(): View {
  const { search } = window.location
  if (search !== lastSearch) {
    lastSearch = search
    lastView = parseView(search)
  }
  return lastView
}

function subscribe(listener: () => void): () => void {
  changed.addEventListener('change', listener)
  window.addEventListener('popstate', listener)
  return () => {
    changed.removeEventListener('change', listener)
    window.removeEventListener('popstate', listener)
  }
}
