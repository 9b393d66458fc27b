import { ActionIcon, Tooltip } from '@mantine/core'
import { IconArrowDown, IconArrowLeft, IconArrowRight, IconArrowUp, IconHome, IconMinus, IconPlus } from '@tabler/icons-react'
import type { Map as MapLibre } from 'maplibre-gl'
import type { ReactNode } from 'react'
import { useTexts } from '../../i18n/use-texts.ts'
import classes from './map.module.css'

const stepPx = 160

/** Everything dragging and the wheel do, as buttons. */
export function MapButtons({ map, onHome }: { readonly map: MapLibre; readonly onHome: () => void }): ReactNode {
  const { t } = useTexts()
  const actions = [
    { label: t('map.zoomIn'), Icon: IconPlus, act: () => map.zoomIn({ duration: 0 }) },
    { label: t('map.zoomOut'), Icon: IconMinus, act: () => map.zoomOut({ duration: 0 }) },
    { label: t('map.home'), Icon: IconHome, act: onHome },
    { label: t('map.up'), Icon: IconArrowUp, act: () => map.panBy([0, -stepPx], { duration: 0 }) },
    { label: t('map.down'), Icon: IconArrowDown, act: () => map.panBy([0, stepPx], { duration: 0 }) },
    { label: t('map.left'), Icon: IconArrowLeft, act: () => map.panBy([-stepPx, 0], { duration: 0 }) },
    { label: t('map.right'), Icon: IconArrowRight, act: () => map.panBy([stepPx, 0], { duration: 0 }) },
  ]
  return (
    <div className={classes.buttons}>
      {actions.map(({ label, Icon, act }) => (
        <Tooltip key={label} label={label} position="left">
          <ActionIcon variant="default" size={32} aria-label={label} onClick={act}>
            <Icon size={18} />
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  )
}
