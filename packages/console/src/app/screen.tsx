import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { sendJson } from '../api/client.ts'
import type { TimeChoice } from '../api/time-choice.ts'
import { AlertDigest } from '../features/alerts/alert-digest.tsx'
import type { Alert } from '../features/alerts/alert.ts'
import { AlertsPanel } from '../features/alerts/alerts-panel.tsx'
import { applyAlerts, useAlerts } from '../features/alerts/use-alerts.ts'
import { CommandPanel } from '../features/commands/command-panel.tsx'
import { EntityPanel } from '../features/entity/entity-panel.tsx'
import { updateEntity } from '../features/entity/use-entity.ts'
import { Digest } from '../features/feed/digest.tsx'
import type { EntityChange } from '../features/feed/feed.ts'
import { useFeed } from '../features/feed/use-feed.ts'
import { Guide } from '../features/guide/guide.tsx'
import { useGuide } from '../features/guide/use-guide.ts'
import { LayersPanel } from '../features/layers/layers-panel.tsx'
import { ListTwin } from '../features/list/list-twin.tsx'
import type { MapHandle } from '../features/map/city-map.tsx'
import { useBasemap } from '../features/map/use-basemap.ts'
import { Ribbon } from '../features/session/ribbon.tsx'
import { useTenants } from '../features/session/session.ts'
import type { Session } from '../features/session/session.ts'
import { PastFrame } from '../features/time/past-frame.tsx'
import { TimeBar } from '../features/time/time-bar.tsx'
import { ownTimeZone } from '../format/civil-time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveRows } from '../layer/live-rows.ts'
import { liveRowsIn, useCounts, useLayers, useTypes } from '../layer/use-layers.ts'
import { PageMenu, PageRail } from './page-nav.tsx'
import { Pages } from './pages.tsx'
import { PaneTabs } from './pane-tabs.tsx'
import { PanelBoundary } from './panel-boundary.tsx'
import { SkipLinks } from './skip-links.tsx'
import { TopBar } from './top-bar.tsx'
import { useIsPhone } from './use-is-phone.ts'
import type { ChangeView } from './use-view.ts'
import { emptyView } from './view.ts'
import type { PageName, View } from './view.ts'
import classes from './shell.module.css'

// MapLibre is half of the program: lists and layers do not wait for it.
const CityMap = lazy(async () => ({ default: (await import('../features/map/city-map.tsx')).CityMap }))

type ScreenProps = { readonly session: Session; readonly view: View; readonly changeView: ChangeView; readonly theme: 'light' | 'dark' }

const firstLayers = 3
const alertType = 'Alert'
const noTypes: readonly string[] = []
const wholeWorld = { lon: 0, lat: 25, zoom: 1.5 }

/** The whole screen of one tenant: puts the features side by side and tells each what it shows. */
export function Screen({ session, view, changeView, theme }: ScreenProps): ReactNode {
  const { t, language } = useTexts()
  const client = useQueryClient()
  const isPhone = useIsPhone()
  const map = useRef<MapHandle>(null)
  const { tenant, time } = view
  const timeZone = session.city?.timeZone ?? ownTimeZone

  const typesQuery = useTypes(tenant)
  const types = typesQuery.data ?? noTypes
  const summaries = useCounts(tenant, types, time)
  const shown = useMemo(() => (view.layers ?? types.slice(0, firstLayers)).filter((type) => types.includes(type)), [view.layers, types])
  const live = useMemo(() => new LiveRows(), [])
  const layers = useLayers(tenant, shown, view.attributes, time, language, live)
  const basemap = useBasemap()

  const entityId = view.entity?.id ?? null
  const entityIdNow = useRef(entityId)
  useEffect(() => {
    entityIdNow.current = entityId
  }, [entityId])
  const onChanges = useCallback(
    (changes: readonly EntityChange[]) => {
      live.apply(changes, liveRowsIn(client, tenant))
      applyAlerts(client, tenant, changes)
      // A city that fills up shows its first layers at once, not at the next look.
      const known = client.getQueryData<readonly string[]>(['types', tenant])
      if (known !== undefined && changes.some((change) => !known.includes(change.type)))
        void client.invalidateQueries({ queryKey: ['types', tenant] })
      const selected = changes.findLast((change) => change.id === entityIdNow.current)
      if (selected !== undefined) updateEntity(client, tenant, selected.id, selected.entity)
    },
    [client, live, tenant],
  )
  const onReset = useCallback(() => fetchAnew(client, tenant), [client, tenant])
  const followed = useMemo(
    () => [...new Set([alertType, ...shown, ...(view.entity === null || view.entity.type === '' ? [] : [view.entity.type])])],
    [shown, view.entity],
  )
  const standing = useAlerts(tenant, time, language)
  const [newDevice, setNewDevice] = useState<{ readonly deviceId: string; readonly apiKey: string } | null>(null)
  const [isGuideOpen, setIsGuideOpen] = useGuide(isPlain(view))
  const [isGuideAsked, setIsGuideAsked] = useState(false)
  const feed = useFeed(tenant, followed, onChanges, onReset)

  const listed = view.list !== null && shown.includes(view.list) ? view.list : isPhone ? (shown[0] ?? null) : null
  const listedLayer = layers.find((layer) => layer.type === listed) ?? null
  const select = (id: string, type: string): void =>
    changeView({ entity: { id, type }, chart: null, ...(isPhone ? { pane: 'entity' as const } : {}) })
  const find = (id: string, type: string): void =>
    changeView({
      page: 'city',
      device: null,
      entity: { id, type },
      chart: null,
      ...(types.includes(type) && !shown.includes(type) ? { layers: [...shown, type] } : {}),
      ...(isPhone ? { pane: 'entity' as const } : {}),
    })
  const selectAlert = ({ sourceId, position }: Alert, type: string): void => {
    find(sourceId, type)
    if (position !== null) map.current?.showPlace(position.lon, position.lat)
  }
  const goTo = (page: PageName): void => {
    setNewDevice(null)
    changeView({ page, device: null })
  }
  const showDevice = (device: string | null, entity?: View['entity']): void =>
    changeView({ page: 'devices', device, chart: null, ...(entity === undefined ? {} : { entity }) })
  const toggle = (type: string, isOn: boolean): void =>
    changeView({ layers: isOn ? [...shown, type] : shown.filter((each) => each !== type), ...(!isOn && listed === type ? { list: null } : {}) })
  const list = (type: string): void =>
    changeView({
      list: view.list === type && !isPhone ? null : type,
      ...(shown.includes(type) ? {} : { layers: [...shown, type] }),
      ...(isPhone ? { pane: 'list' as const } : {}),
    })
  const selectedRow = layers.flatMap((layer) => (entityId === null ? [] : (layer.rows?.rows.get(entityId) ?? [])))[0] ?? null
  const selection =
    selectedRow === null || selectedRow.lon === null || selectedRow.lat === null || Math.abs(selectedRow.lon) > 180 || Math.abs(selectedRow.lat) > 90
      ? null
      : { id: selectedRow.id, lon: selectedRow.lon, lat: selectedRow.lat, label: selectedRow.label }
  const areAlertsOpen = view.page === 'city' && (isPhone ? view.pane : view.side) === 'alerts'
  const exampleId = layers[0]?.rows?.rows.keys().next().value
  const example = exampleId === undefined || layers[0] === undefined ? null : { id: exampleId, type: layers[0].type }
  const city = session.city
  const home = city === null ? wholeWorld : { lon: city.center[0], lat: city.center[1], zoom: city.zoom }

  return (
    <div
      className={classes.screen}
      data-page={view.page}
      data-pane={view.pane}
      data-entity={view.page === 'city' && view.entity !== null}
      data-list={listed !== null}
    >
      <SkipLinks
        isCity={view.page === 'city'}
        side={view.side}
        hasList={listed !== null}
        hasEntity={view.entity !== null}
        onlyPane={isPhone ? view.pane : null}
      />
      <div className={classes.head}>
        {session.ribbon !== null && <Ribbon kind={session.ribbon} />}
        <PastFrame time={time} timeZone={timeZone} />
        <TopBar
          city={city?.name ?? null}
          timeZone={timeZone}
          feed={feed}
          tenants={useTenants()}
          tenant={tenant}
          layers={layers}
          theme={theme}
          menu={isPhone && <PageMenu page={view.page} onPage={goTo} />}
          alerts={standing.alerts}
          areAlertsOpen={areAlertsOpen}
          onAlerts={() => changeView({ page: 'city', ...(isPhone ? { pane: 'alerts' as const } : { side: areAlertsOpen ? 'layers' : 'alerts' }) })}
          onPage={goTo}
          onGuide={() => {
            if (view.page !== 'city') goTo('city')
            setIsGuideAsked(true)
            setIsGuideOpen(!isGuideOpen)
          }}
          isGuideOpen={isGuideOpen}
          mayLogOut={session.needsToken && session.authenticated}
          onTenant={(next) => changeView({ ...emptyView, language: view.language, theme: view.theme, tenant: next })}
          onSelect={find}
          onLanguage={(next) => changeView({ language: next }, 'replace')}
          onTheme={(next) => changeView({ theme: next }, 'replace')}
          onLogOut={() => void sendJson('DELETE', '/api/session').then(() => client.resetQueries())}
        />
      </div>
      <div className={classes.middle}>
        {!isPhone && <PageRail page={view.page} onPage={goTo} />}
        {view.page === 'city' ? (
          <main className={classes.main}>
            <div className={classes.layers}>
              <PanelBoundary key={view.side}>
                {areAlertsOpen ? (
                  <AlertsPanel
                    tenant={tenant}
                    standing={standing}
                    timeZone={timeZone}
                    isLive={time.mode === 'live'}
                    selectedId={entityId}
                    onSelect={selectAlert}
                    onClose={isPhone ? null : () => changeView({ side: 'layers' })}
                  />
                ) : (
                  <LayersPanel
                    summaries={summaries}
                    layers={layers}
                    listed={listed}
                    theme={theme}
                    isLoading={typesQuery.isPending}
                    error={typesQuery.error}
                    onToggle={toggle}
                    onToggleAll={(isOn) => changeView({ layers: isOn ? types : [], ...(isOn ? {} : { list: null }) })}
                    onList={list}
                    onFit={(type) => map.current?.showRows(layers.find((layer) => layer.type === type)?.rows?.rows.values() ?? [])}
                    onColour={(type, attribute) => changeView({ attributes: { ...view.attributes, [type]: attribute } })}
                  />
                )}
              </PanelBoundary>
            </div>
            <div className={classes.centre}>
              {isGuideOpen && (
                <Guide
                  city={city?.name ?? null}
                  isAsked={isGuideAsked}
                  onExample={
                    example === null
                      ? null
                      : () => {
                          setIsGuideOpen(false)
                          select(example.id, example.type)
                        }
                  }
                  onClose={() => setIsGuideOpen(false)}
                />
              )}
              <div className={classes.mapPane}>
                <PanelBoundary>
                  <Suspense>
                    {basemap !== null && (
                      <CityMap
                        ref={map}
                        basemap={basemap}
                        theme={theme}
                        types={types}
                        layers={layers}
                        selection={selection}
                        camera={view.camera}
                        home={home}
                        onCamera={(camera) => changeView({ camera }, 'replace')}
                        onSelect={select}
                      />
                    )}
                  </Suspense>
                </PanelBoundary>
              </div>
              {(listed !== null || isPhone) && (
                <div className={classes.listPane}>
                  <PanelBoundary key={listed}>
                    <ListTwin
                      layer={listedLayer}
                      layers={layers}
                      time={time}
                      selectedId={entityId}
                      onSelect={select}
                      onChoose={(type) => changeView({ list: type })}
                      onClose={isPhone ? null : () => changeView({ list: null })}
                    />
                  </PanelBoundary>
                </div>
              )}
            </div>
            {view.entity !== null ? (
              <div className={classes.entity}>
                <PanelBoundary key={view.entity.id}>
                  <EntityPanel
                    tenant={tenant}
                    id={view.entity.id}
                    type={view.entity.type}
                    time={time}
                    timeZone={timeZone}
                    chart={view.chart}
                    layerAttribute={layers.find((layer) => layer.type === view.entity?.type)?.rows?.attribute ?? null}
                    theme={theme}
                    onChart={(attribute) => changeView({ chart: attribute })}
                    onShowPlace={(lon, lat) => {
                      if (isPhone) changeView({ pane: 'map' })
                      map.current?.showPlace(lon, lat)
                    }}
                    onSelect={select}
                    actions={(entity) => time.mode === 'live' && <CommandPanel tenant={tenant} entity={entity} onShowDevice={showDevice} />}
                    onClose={() => changeView({ entity: null, chart: null, ...(isPhone ? { pane: 'list' as const } : {}) })}
                  />
                </PanelBoundary>
              </div>
            ) : (
              isPhone && (
                <div className={classes.entity}>
                  <div className={classes.nothing}>
                    <strong>{t('entity.none')}</strong>
                    <p className="muted">{t('entity.noneHint')}</p>
                  </div>
                </div>
              )
            )}
          </main>
        ) : (
          <main className={classes.pageMain}>
            <Pages
              page={view.page}
              tenant={tenant}
              timeZone={timeZone}
              types={types}
              newDevice={newDevice}
              onProvision={(deviceId, apiKey) => {
                setNewDevice({ deviceId, apiKey })
                changeView({ page: 'devices', device: null })
              }}
              onShowEntity={find}
              device={view.device}
              onShowDevice={showDevice}
              chart={view.chart}
              onChart={(attribute) => changeView({ chart: attribute })}
              theme={theme}
            />
          </main>
        )}
      </div>
      <div className={classes.foot}>
        {view.page === 'city' && <TimeBar time={time} timeZone={timeZone} onTime={(next: TimeChoice) => changeView({ time: next })} />}
        {isPhone && view.page === 'city' && <PaneTabs pane={view.pane} onPane={(pane) => changeView({ pane }, 'replace')} />}
      </div>
      <AlertDigest alerts={standing.isPending || time.mode !== 'live' ? null : standing.alerts} />
      <Digest count={useCallback(() => live.count, [live])} />
    </div>
  )
}

/** Whether an address asks for nothing in particular, as at a first visit. */
function isPlain({ entity, layers, list, page, side, time }: View): boolean {
  return page === 'city' && side === 'layers' && layers === null && entity === null && list === null && time.mode === 'live'
}

/** Fetches the whole live state of a tenant again, after the stream began anew. */
async function fetchAnew(client: ReturnType<typeof useQueryClient>, tenant: string | null): Promise<void> {
  await Promise.all(
    ['types', 'count', 'layer', 'entity', 'session'].map((kind) =>
      client.invalidateQueries({ queryKey: kind === 'session' ? [kind] : [kind, tenant], refetchType: 'active' }),
    ),
  )
}
