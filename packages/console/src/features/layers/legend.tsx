import type { ReactNode } from 'react'
import { formatNumber } from '../../format/numbers.ts'
import { useTexts } from '../../i18n/use-texts.ts'
import type { LayerRows } from '../../layer/layer-rows.ts'
import { rampOf } from '../../layer/layer-look.ts'
import type { LayerLook, Theme } from '../../layer/layer-look.ts'
import { ShapeIcon } from '../../layer/shape-icon.tsx'
import { colourStepOf } from '../../layer/value-classes.ts'
import classes from './layers.module.css'

/** What the colours of a layer mean, as ranges of the attribute's values. */
export function Legend({ rows, look, theme }: { readonly rows: LayerRows; readonly look: LayerLook; readonly theme: Theme }): ReactNode {
  const { t, language } = useTexts()
  const number = (value: number): string => formatNumber(value, language)
  const ramp = rampOf(look.hue, theme)
  const ranges = rows.classes
  const hasGaps = [...rows.rows.values()].some((row) => row.value === null)
  return (
    <ul className={classes.legend}>
      {ranges !== null &&
        Array.from({ length: ranges.bounds.length + 1 }, (_, at) => {
          const from = ranges.bounds[at - 1]
          const to = ranges.bounds[at]
          return (
            <li key={at}>
              <ShapeIcon shape={look.shape} colour={ramp[colourStepOf(ranges, at)] ?? null} size={14} />
              <span className="numeric">
                {from === undefined
                  ? to === undefined
                    ? t('layers.all', { value: number(ranges.least) })
                    : t('layers.upTo', { most: number(to) })
                  : to === undefined
                    ? t('layers.from', { least: number(from) })
                    : t('layers.between', { least: number(from), most: number(to) })}
              </span>
            </li>
          )
        })}
      {hasGaps && (
        <li>
          <ShapeIcon shape={look.shape} colour={null} size={14} />
          <span>{t('layers.noValue')}</span>
        </li>
      )}
    </ul>
  )
}
