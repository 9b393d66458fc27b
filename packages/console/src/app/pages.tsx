import { lazy, Suspense } from 'react'
import type { ReactNode } from 'react'
import { PanelBoundary } from './panel-boundary.tsx'
import type { PageName } from './view.ts'

// The map's user does not wait for the forms of the pages for work.
const RulesPage = lazy(async () => ({ default: (await import('../features/rules/rules-page.tsx')).RulesPage }))
const QuarantinePage = lazy(async () => ({ default: (await import('../features/quarantine/quarantine-page.tsx')).QuarantinePage }))
const DevicesPage = lazy(async () => ({ default: (await import('../features/devices/devices-page.tsx')).DevicesPage }))
const CodecPage = lazy(async () => ({ default: (await import('../features/codecs/codec-page.tsx')).CodecPage }))

type PagesProps = {
  readonly page: Exclude<PageName, 'city'>
  readonly tenant: string | null
  readonly timeZone: string
  readonly types: readonly string[]
  /** The device that somebody is about to provision, known by a message of its. */
  readonly newDevice: { readonly deviceId: string; readonly apiKey: string } | null
  readonly onProvision: (deviceId: string, apiKey: string) => void
  readonly onShowEntity: (id: string, type: string) => void
}

/** The page chosen, other than the city. */
export function Pages(props: PagesProps): ReactNode {
  return (
    <PanelBoundary key={props.page}>
      <Suspense>{pageOf(props)}</Suspense>
    </PanelBoundary>
  )
}

function pageOf({ page, tenant, timeZone, types, newDevice, onProvision, onShowEntity }: PagesProps): ReactNode {
  switch (page) {
    case 'rules':
      return <RulesPage tenant={tenant} types={types} />
    case 'quarantine':
      return <QuarantinePage tenant={tenant} timeZone={timeZone} onProvision={onProvision} />
    case 'devices':
      return <DevicesPage tenant={tenant} types={types} first={newDevice} onShowEntity={onShowEntity} />
    case 'codecs':
      return <CodecPage tenant={tenant} />
  }
}
