import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import type { Layer } from '../../layer/use-layers.ts'
import type { Basemap } from './base-style.ts'
import classes from './map.module.css'

/** Who made what is seen: ground and visible layers, always in sight; and a word where there are no streets. */
export function Sources({ basemap, layers }: { readonly basemap: Basemap; readonly layers: readonly Layer[] }): ReactNode {
  const { t } = useTexts()
  const named = [t('map.land'), basemap.attribution ?? '', ...layers.flatMap((layer) => layer.rows?.attribution ?? [])]
  const all = [...new Set(named.filter((source) => source !== ''))]
  return (
    <footer className={classes.sources} aria-label={t('map.attribution')}>
      {!basemap.hasStreets && <span className={classes.noStreets}>{t('map.noStreets')}</span>}
      <span>{all.join(' · ')}</span>
    </footer>
  )
}
